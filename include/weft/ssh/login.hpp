// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/configuration.hpp>

#include <chrono>
#include <string>

struct ssh_session_struct;

namespace weft::ssh {

class interruption;

/// Logs in on a connected and checked host, with keys only. With an explicit identity that key alone is used,
/// from its file or, when it is locked or public, from the agent. Else in OpenSSH's order: the agent's keys
/// that the configuration names, the agent's others, the configured files. A passphrase is asked only for a
/// key that the host accepts, and no longer than until `stop` is requested. For each answer of the host it
/// waits `limit`. Throws `failure`, one line that begins with `host`.
void log_in(ssh_session_struct* session, const std::string& host, const std::string& user,
            const std::string& identity, const configuration& configured, std::chrono::milliseconds limit,
            const interruption& stop);

}  // namespace weft::ssh
