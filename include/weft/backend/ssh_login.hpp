// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <vector>

struct ssh_session_struct;

namespace weft::backend {

class interruption;

/// The user's ssh configuration as far as libssh cannot tell: what keys it names.
struct ssh_identities {
    std::vector<std::string> files;  ///< private keys to try, in this order
    bool only = false;               ///< the agent's other keys are not to be tried
};

/// Asks the `ssh` program what it would use for this host (IdentityFile, IdentitiesOnly); without one, the
/// usual files.
ssh_identities configured_identities(const std::string& address, const std::string& user);

/// Logs in on a connected and checked host. With an explicit identity only that key is used, from its file
/// or, when it is locked, from the agent; else the agent's keys, then the configured files. A passphrase is
/// asked only for a key that the host accepts, and no longer than until `stop` is requested. Throws
/// `place_error`, one line that begins with `host`.
void log_in(ssh_session_struct* session, const std::string& host, const std::string& address,
            const std::string& user, const std::string& identity, const interruption& stop);

/// `~/` replaced by the home directory.
std::string expand_home(const std::string& path);

}  // namespace weft::backend
