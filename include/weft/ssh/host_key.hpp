// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/ssh/known_hosts.hpp>

#include <string>
#include <vector>

struct ssh_session_struct;

namespace weft::ssh {

/// The known_hosts entries for one host, read before the connection is made.
struct known_host {
    std::vector<std::string> files;  ///< a new line belongs in the first
    std::vector<std::string> names;  ///< the names to look up: `[address]:port`, `address`
    std::vector<known_hosts_line> lines;
};

/// Reads `files` for the host. Throws `failure` that names an unreadable file.
known_host read_known_host(std::vector<std::string> files, const std::string& address, unsigned port,
                           const std::string& alias);

/// The host's keys as a known_hosts file in memory. libssh reads it instead of the user's, and then asks the
/// host for a key of a known type. Empty when there is no memory for it.
os::descriptor known_keys_file(const known_host& known);

/// Checks the key of a connected host against known_hosts. Rejects an unknown, changed or revoked key with a
/// `failure`, one line that begins with `host` and says what to do. Never writes a file.
void check_host_key(ssh_session_struct* session, const std::string& host, const known_host& known);

}  // namespace weft::ssh
