// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/ssh_command.hpp>
#include <weft/ssh/configuration.hpp>
#include <weft/ssh/interruption.hpp>
#include <weft/ssh/known_hosts.hpp>
#include <weft/text/shell_quote.hpp>

#include <string_view>

namespace weft::cli {

namespace detail {

/// Quotes a path for an option that takes several paths and expands tokens.
WEFT_INLINE std::string quoted_path(const std::string& path) {
    std::string quoted = "\"";
    for (const char c : path) {
        if (c == '%') quoted += '%';
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace detail

WEFT_INLINE std::vector<std::string> ssh_command(const ssh_host& host, const std::string& script,
                                                 bool terminal) {
    const ssh::interruption never;
    const ssh::configuration configured = ssh::read_configuration(host.address, host, never);
    // Checked here, since `ssh` ignores an unreadable file and blocks on a fifo.
    const bool bound = !host.known_hosts.empty();
    const std::string own = ssh::expand_home(host.known_hosts);
    ssh::read_known_hosts(bound ? std::vector<std::string>{own} : configured.known_hosts);

    std::vector<std::string> words{"ssh", terminal ? "-t" : "-T"};
    const auto set = [&words](std::string_view option) {
        words.insert(words.end(), {"-o", std::string(option)});
    };
    // Command-line options override the configuration.
    set("StrictHostKeyChecking=yes");
    set("VerifyHostKeyDNS=no");
    set("NoHostAuthenticationForLocalhost=no");
    if (configured.known_hosts_command)
        set("KnownHostsCommand=none");  // not every version of ssh supports it
    // A shared connection was checked by other rules.
    set("ControlMaster=no");
    set("ControlPath=none");
    // These options make ssh write to known_hosts without asking.
    set("UpdateHostKeys=no");
    set("CheckHostIP=no");
    if (configured.remote_command) set("RemoteCommand=none");
    if (!configured.proxy.empty()) set("ProxyCommand=" + configured.proxy);
    if (bound) {
        set("UserKnownHostsFile=" + detail::quoted_path(own));
        set("GlobalKnownHostsFile=/dev/null");
    }
    if (!host.identity.empty()) {
        words.insert(words.end(), {"-i", ssh::expand_home(host.identity)});
        set("IdentitiesOnly=yes");
    }
    if (host.port != 0) words.insert(words.end(), {"-p", std::to_string(host.port)});
    if (!host.user.empty()) words.insert(words.end(), {"-l", host.user});
    words.insert(words.end(), {"--", host.address, "exec sh -c " + text::quote(script)});
    return words;
}

}  // namespace weft::cli
