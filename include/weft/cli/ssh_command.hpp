// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <string>
#include <vector>

namespace weft::cli {

/// The command line of the `ssh` program that runs `script` in a shell on a host, with a terminal if
/// `terminal`. It checks the host key like weft, overriding the user's configuration, and never writes
/// known_hosts. `host.address` must not be empty. Throws `place_error` when a known_hosts file that `ssh`
/// would use cannot be read, or when `ssh` rejects its configuration.
std::vector<std::string> ssh_command(const ssh_host& host, const std::string& script, bool terminal);

}  // namespace weft::cli
