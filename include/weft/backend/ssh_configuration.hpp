// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/run/options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace weft::backend {

class interruption;

/// The user's ssh configuration for a host, as far as libssh does not read it.
struct ssh_configuration {
    std::vector<std::string> identities;  ///< key files, private or public, to try in this order
    bool only_these = false;              ///< the agent's other keys are not to be tried
    std::string agent;                    ///< the agent's socket; "" when there is none
    std::vector<std::string> known_hosts;
    std::string host_key_alias;
    std::string bind_address;
    std::string address_family;        ///< any, inet, inet6
    bool known_hosts_command = false;  ///< a program is configured that says which keys are known
    bool remote_command = false;       ///< a command is configured in place of any other
};

/// Asks the `ssh` program what it would use for this host; without that program what is usual. Blocks until
/// `stop` is requested, or for the connect timeout. Throws `place_error` with the program's own words when it
/// refuses its configuration.
ssh_configuration read_ssh_configuration(const std::string& address, const ssh_host& how,
                                         const interruption& stop);

/// The same for words of `ssh -G`; apart from the program, for tests.
ssh_configuration parse_ssh_configuration(const std::string& words);

/// `~/` replaced by the home directory.
std::string expand_home(const std::string& path);

}  // namespace weft::backend
