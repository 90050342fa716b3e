// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/ssh/known_hosts.hpp>

#include <string>
#include <vector>

struct ssh_session_struct;

namespace weft::ssh {

/// What known_hosts says of one host, read before it is connected to.
struct known_host {
    std::vector<std::string> files;  ///< a new line belongs into the first
    std::vector<std::string> names;  ///< under which it is looked up: `[address]:port`, `address`
    std::vector<known_hosts_line> lines;
};

/// Reads `files` for the host. Throws `failure`, which names a file that cannot be read.
known_host read_known_host(std::vector<std::string> files, const std::string& address, unsigned port,
                           const std::string& alias);

/// The keys of the host as a known_hosts file in memory: libssh reads this one instead of the user's, and
/// asks the host for a key of a type that is known. None when there is no memory for it.
os::descriptor known_keys_file(const known_host& known);

/// Compares the key of a connected host with known_hosts. An unknown, changed or revoked key is refused:
/// throws `failure`, one line that begins with `host` and says what to do. Nothing is ever written.
void check_host_key(ssh_session_struct* session, const std::string& host, const known_host& known);

}  // namespace weft::ssh
