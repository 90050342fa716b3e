// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>

#include <string>
#include <vector>

namespace weft::cli {

/// The command line of the `ssh` program that gives `script` to a shell on a host, with a terminal when
/// `terminal`. It checks the host's key as weft does, whatever the user's configuration says of that, and
/// writes no known_hosts. `how.address` is not empty. Throws `place_error` when a known_hosts file, which
/// `ssh` would read, cannot be read, or `ssh` refuses its configuration.
std::vector<std::string> ssh_command(const ssh_host& how, const std::string& script, bool terminal);

}  // namespace weft::cli
