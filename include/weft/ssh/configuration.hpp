// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/ssh/ssh_host.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft::ssh {

class interruption;

/// The user's ssh configuration for a host. libssh reads none of it: its reader waits for a fifo, and for
/// what a `Match` line runs, without end.
struct configuration {
    bool asked = false;  ///< the `ssh` program; else there is only what is usual
    std::string host_name;
    std::string user;
    unsigned port = 0;
    std::string proxy;  ///< a command through which to connect, with the tokens %h and %p; "" for none
    bool compression = false;
    std::uint64_t rekey_bytes = 0;    ///< 0: as is usual
    std::uint32_t rekey_seconds = 0;  ///< 0: as is usual
    /// Lists of algorithms that are not the program's own, by their words: ciphers, macs, kexalgorithms,
    /// hostkeyalgorithms, pubkeyacceptedalgorithms.
    std::map<std::string, std::string> algorithms;
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
/// `stop` is requested, or for the connect timeout. Throws `failure` with the program's own words when it
/// refuses its configuration.
configuration read_configuration(const std::string& address, const ssh_host& how, const interruption& stop);

/// The same for words of `ssh -G`; apart from the program, for tests.
configuration parse_configuration(const std::string& words);

/// The command that leads to a host through others, `[user@]host[:port],...`, the nearest first: each checks
/// the key of its host by known_hosts, whatever is configured, and writes none. It has the tokens %h and %p.
std::string jump_command(std::string_view jumps);

/// `~/` replaced by the home directory.
std::string expand_home(const std::string& path);

}  // namespace weft::ssh
