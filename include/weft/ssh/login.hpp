// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/configuration.hpp>

#include <chrono>
#include <string>

struct ssh_session_struct;

namespace weft::ssh {

class interruption;

/// Logs in on a connected host whose key was checked, with keys only. An explicit identity is the only key
/// that is tried: from its file or, when that is encrypted or public, from the agent. Otherwise keys are
/// tried in OpenSSH's order: the agent's keys that the configuration names, the agent's other keys, the
/// configured files. A passphrase is asked only for a key that the host accepts, and until `stop` is
/// requested. `limit` applies to each answer of the host. Throws `failure`, one line that begins with `host`.
void log_in(ssh_session_struct* session, const std::string& host, const std::string& user,
            const std::string& identity, const configuration& configured, std::chrono::milliseconds limit,
            const interruption& stop);

}  // namespace weft::ssh
