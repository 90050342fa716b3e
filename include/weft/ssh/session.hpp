// SPDX-License-Identifier: MIT
// ssh: sessions, logins, host keys and channels over libssh.
// It knows the operating system, and neither tasks nor workflows. `remote` builds a host's connection on it.
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
    int given = -1;           ///< the socket that libssh was given; negative: it made its own
    os::descriptor socket{};  ///< a duplicate of it
    void operator()(ssh_session_struct* session);
};

using session_handle = std::unique_ptr<ssh_session_struct, session_delete>;

/// Connects to a host, checks its key and authenticates. Blocks, for at most about `connect_timeout` at each
/// step and until `stop` is requested; only looking up a name takes what it takes.
///
/// What `how` leaves empty comes from ~/.ssh/config. The host's key must be in known_hosts: an unknown,
/// changed or revoked one is refused with what to do. Nothing is ever written to known_hosts or to a key
/// file. A passphrase is asked from SSH_ASKPASS or on the terminal. Throws `failure`, one line that names
/// the host.
session_handle open_session(const std::string& name, const ssh_host& how, interruption& stop);

}  // namespace weft::ssh
