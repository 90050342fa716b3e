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

/// The user's ssh configuration for a host. libssh reads none of it itself: its parser would block on a fifo
/// and on the command of a `Match` line.
struct configuration {
    bool asked = false;  ///< whether `ssh -G` was asked; otherwise these are the defaults
    std::string host_name;
    std::string user;
    unsigned port = 0;
    std::string proxy;  ///< ProxyCommand with the tokens %h and %p; "" for none
    bool compression = false;
    std::uint64_t rekey_bytes = 0;    ///< 0: the default
    std::uint32_t rekey_seconds = 0;  ///< 0: the default
    /// Algorithm lists that differ from the ssh program's defaults, by keyword: ciphers, macs, kexalgorithms,
    /// hostkeyalgorithms, pubkeyacceptedalgorithms.
    std::map<std::string, std::string> algorithms;
    std::vector<std::string> identities;  ///< key files, private or public, in the order to try
    bool only_these = false;              ///< IdentitiesOnly: do not try other keys of the agent
    std::string agent;                    ///< path of the agent's socket; "" for none
    std::vector<std::string> known_hosts;
    std::string host_key_alias;
    std::string bind_address;
    std::string address_family;        ///< any, inet, inet6
    bool known_hosts_command = false;  ///< whether KnownHostsCommand is set
    bool remote_command = false;       ///< whether RemoteCommand is set
};

/// Reads the configuration for this host with `ssh -G`; returns the defaults when there is no `ssh` program.
/// Blocks until `stop` is requested or the connect timeout has passed. Throws `failure` with the program's
/// message when it rejects the configuration.
configuration read_configuration(const std::string& address, const ssh_host& host, const interruption& stop);

/// Parses the output of `ssh -G`.
configuration parse_configuration(const std::string& output);

/// The ProxyCommand, with the tokens %h and %p, that leads to a host through the jump hosts
/// `[user@]host[:port],...`, in order. Whatever is configured, each hop checks its host key against
/// known_hosts and writes none.
std::string jump_command(std::string_view jumps);

/// A ProxyCommand in a shell that ends as soon as it gets SIGTERM, whatever the command does then: libssh
/// sends that signal when a session ends, and waits for the end without a limit.
std::string ending_proxy(const std::string& command);

/// Replaces a leading `~/` by the home directory.
std::string expand_home(const std::string& path);

}  // namespace weft::ssh
