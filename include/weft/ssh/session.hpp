// SPDX-License-Identifier: MIT
// ssh: sessions, logins, host keys and channels over libssh.
// It knows the operating system, but neither tasks nor workflows. `remote` builds a host's connection on it.
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/ssh/ssh_host.hpp>

#include <memory>
#include <string>

struct ssh_session_struct;

namespace weft::ssh {

class interruption;

struct session_delete {
    int given = -1;           ///< the socket that libssh was given; negative: libssh made its own
    os::descriptor socket{};  ///< a duplicate of `given`
    void operator()(ssh_session_struct* session);
};

using session_handle = std::unique_ptr<ssh_session_struct, session_delete>;

/// Connects to a host, checks its key and authenticates. Blocks for at most about `connect_timeout` at each
/// step and until `stop` is requested; only the name lookup has no limit.
///
/// Empty fields of `host` come from ~/.ssh/config. The host's key must be in known_hosts: an unknown, changed
/// or revoked key is rejected with what to do. Neither known_hosts nor a key file is ever written.
/// Passphrases are asked with SSH_ASKPASS or on the terminal. Throws `failure`, one line that names the host.
session_handle open_session(const std::string& name, const ssh_host& host, interruption& stop);

}  // namespace weft::ssh
