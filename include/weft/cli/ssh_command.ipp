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

/// A path as a value of an option that takes several, each with tokens in it.
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

WEFT_INLINE std::vector<std::string> ssh_command(const ssh_host& how, const std::string& script,
                                                 bool terminal) {
    const ssh::interruption never;
    const ssh::configuration configured = ssh::read_configuration(how.address, how, never);
    // `ssh` would ignore a file that is not its to read, and wait for a fifo.
    const bool bound = !how.known_hosts.empty();
    const std::string own = ssh::expand_home(how.known_hosts);
    ssh::read_known_hosts(bound ? std::vector<std::string>{own} : configured.known_hosts);

    std::vector<std::string> words{"ssh", terminal ? "-t" : "-T"};
    const auto set = [&words](std::string_view option) {
        words.insert(words.end(), {"-o", std::string(option)});
    };
    // Options of the command line have precedence over the configuration.
    set("StrictHostKeyChecking=yes");
    set("VerifyHostKeyDNS=no");
    set("NoHostAuthenticationForLocalhost=no");
    if (configured.known_hosts_command) set("KnownHostsCommand=none");  // which not every version knows
    // A connection that is shared was checked by other rules.
    set("ControlMaster=no");
    set("ControlPath=none");
    // With these it writes to known_hosts also what it need not be asked about.
    set("UpdateHostKeys=no");
    set("CheckHostIP=no");
    if (configured.remote_command) set("RemoteCommand=none");
    if (!configured.proxy.empty()) set("ProxyCommand=" + configured.proxy);
    if (bound) {
        set("UserKnownHostsFile=" + detail::quoted_path(own));
        set("GlobalKnownHostsFile=/dev/null");
    }
    if (!how.identity.empty()) {
        words.insert(words.end(), {"-i", ssh::expand_home(how.identity)});
        set("IdentitiesOnly=yes");
    }
    if (how.port != 0) words.insert(words.end(), {"-p", std::to_string(how.port)});
    if (!how.user.empty()) words.insert(words.end(), {"-l", how.user});
    words.insert(words.end(), {"--", how.address, "exec sh -c " + text::quote(script)});
    return words;
}

}  // namespace weft::cli
