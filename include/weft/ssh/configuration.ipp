// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/configuration.hpp>
#include <weft/ssh/failure.hpp>
#include <weft/ssh/interruption.hpp>
#include <weft/ssh/program_output.hpp>
#include <weft/text/shell_quote.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <string_view>
#include <utility>

namespace weft::ssh {

WEFT_INLINE std::string expand_home(const std::string& path) {
    const char* home = std::getenv("HOME");
    if (!path.starts_with("~/") || home == nullptr) return path;
    return home + path.substr(1);
}

namespace detail {

/// Splits a list of files printed by `ssh -G`, which separates them by spaces that may also be inside a path:
/// a path starts with `/` or `~/`.
WEFT_INLINE std::vector<std::string> files_of(std::string_view list) {
    std::vector<std::string> files;
    while (!list.empty() && list != "none") {
        std::size_t end = 0;
        do {
            end = list.find(' ', end + 1);
        } while (end != list.npos && !list.substr(end + 1).starts_with('/') &&
                 !list.substr(end + 1).starts_with("~/"));
        files.push_back(expand_home(std::string(list.substr(0, end))));
        list.remove_prefix(end == list.npos ? list.size() : end + 1);
    }
    return files;
}

/// Expands the tokens of ssh_config(5) in the path of a key file.
WEFT_INLINE std::string expand_tokens(std::string_view path, const std::map<char, std::string>& tokens) {
    std::string expanded;
    for (std::size_t at = 0; at < path.size(); ++at) {
        const auto token = path[at] == '%' && at + 1 < path.size() ? tokens.find(path[at + 1]) : tokens.end();
        if (token == tokens.end())
            expanded += path[at];
        else
            expanded += token->second;
        if (token != tokens.end()) ++at;
    }
    return expanded;
}

/// The keywords of `ssh -G` whose values are lists of algorithms.
inline constexpr const char* algorithm_lists[] = {"ciphers", "macs", "kexalgorithms", "hostkeyalgorithms",
                                                  "pubkeyacceptedalgorithms"};

/// The ssh program's default lists, read once per process; lists that equal them are not the user's choice.
WEFT_INLINE std::map<std::string, std::string> usual_algorithms(std::chrono::milliseconds limit,
                                                                const interruption& stop) {
    static std::mutex once;
    static std::map<std::string, std::string> usual;
    const std::lock_guard lock(once);
    if (usual.empty()) {
        const program_output result =
            output_of({"ssh", "-F", "/dev/null", "-G", "--", "localhost"}, limit, stop.descriptor());
        if (result.ok()) usual = parse_configuration(result.out).algorithms;
    }
    return usual;
}

}  // namespace detail

WEFT_INLINE std::string jump_command(std::string_view jumps) {
    const auto comma = jumps.rfind(',');
    std::string_view host = comma == jumps.npos ? jumps : jumps.substr(comma + 1);
    std::string command =
        "ssh -o StrictHostKeyChecking=yes -o VerifyHostKeyDNS=no -o NoHostAuthenticationForLocalhost=no"
        " -o ControlMaster=no -o ControlPath=none -o UpdateHostKeys=no -o CheckHostIP=no -W '[%h]:%p'";
    if (comma != jumps.npos) {
        std::string through = "ProxyCommand=";
        for (const char c : jump_command(jumps.substr(0, comma)))
            through += c == '%' ? "%%" : std::string(1, c);
        command += " -o " + text::quote(through);
    }
    if (const auto at = host.rfind('@'); at != host.npos) {
        command += " -l " + text::quote(host.substr(0, at));
        host.remove_prefix(at + 1);
    }
    // An IPv6 address contains colons too; with a port it is in brackets.
    const auto colon = host.rfind(':');
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        if (colon != host.npos && end != host.npos && colon > end)
            command += " -p " + text::quote(host.substr(colon + 1));
        host = host.substr(1, end == host.npos ? end : end - 1);
    } else if (colon != host.npos && host.find(':') == colon) {
        command += " -p " + text::quote(host.substr(colon + 1));
        host = host.substr(0, colon);
    }
    return command + " -- " + text::quote(host);
}

WEFT_INLINE configuration parse_configuration(const std::string& output) {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    configuration found;
    std::map<std::string, std::string> one;
    std::vector<std::string> identities;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.find(' ');
        if (space == line.npos) continue;
        std::string value = line.substr(space + 1);
        if (line.starts_with("identityfile "))
            identities.push_back(std::move(value));
        else
            one.emplace(line.substr(0, space), std::move(value));
    }
    const std::map<char, std::string> tokens = {
        {'%', "%"},
        {'d', variable("HOME")},
        {'h', one["hostname"]},
        {'n', one["host"]},
        {'p', one["port"]},
        {'r', one["user"]},
        {'u', variable("USER")},
        {'i', std::to_string(::getuid())},
        {'k', one["hostkeyalias"].empty() ? one["hostname"] : one["hostkeyalias"]}};
    for (const std::string& file : identities)
        if (file != "none") found.identities.push_back(detail::expand_tokens(expand_home(file), tokens));
    if (identities.empty())
        for (const char* usual : {"~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519"})
            found.identities.push_back(expand_home(usual));
    found.only_these = one["identitiesonly"] == "yes";

    const std::string agent = one["identityagent"];
    if (agent.empty() || agent == "SSH_AUTH_SOCK")
        found.agent = variable("SSH_AUTH_SOCK");
    else if (agent.starts_with('$'))
        found.agent = variable(agent.c_str() + 1);
    else if (agent != "none")
        found.agent = detail::expand_tokens(expand_home(agent), tokens);

    const auto list = [&](const char* word, const char* usual) {
        const std::string& given = one[word];
        for (std::string& file : detail::files_of(given.empty() ? usual : given))
            found.known_hosts.push_back(std::move(file));
    };
    list("userknownhostsfile", "~/.ssh/known_hosts ~/.ssh/known_hosts2");
    list("globalknownhostsfile", "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2");
    if (found.known_hosts.empty()) found.known_hosts.push_back(expand_home("~/.ssh/known_hosts"));
    found.host_key_alias = one["hostkeyalias"];
    found.bind_address = one["bindaddress"];
    found.address_family = one["addressfamily"];
    const auto is_set = [&](const char* word) { return !one[word].empty() && one[word] != "none"; };
    const auto number = [&](std::string_view text, auto& value) {
        std::from_chars(text.data(), text.data() + text.size(), value);
    };
    found.host_name = one["hostname"];
    found.user = one["user"];
    number(one["port"], found.port);
    if (is_set("proxycommand"))
        found.proxy = one["proxycommand"];
    else if (is_set("proxyjump"))
        found.proxy = jump_command(one["proxyjump"]);
    found.compression = one["compression"] == "yes";
    const std::string& rekey = one["rekeylimit"];
    number(rekey, found.rekey_bytes);
    number(std::string_view(rekey).substr(std::min(rekey.find(' ') + 1, rekey.size())), found.rekey_seconds);
    for (const char* word : detail::algorithm_lists)
        if (!one[word].empty()) found.algorithms[word] = one[word];
    found.known_hosts_command = is_set("knownhostscommand");
    found.remote_command = is_set("remotecommand");
    return found;
}

WEFT_INLINE configuration read_configuration(const std::string& address, const ssh_host& host,
                                             const interruption& stop) {
    std::vector<std::string> question{"ssh", "-G"};
    if (!host.user.empty()) question.insert(question.end(), {"-l", host.user});
    if (host.port != 0) question.insert(question.end(), {"-p", std::to_string(host.port)});
    question.insert(question.end(), {"--", address});
    const program_output result = output_of(std::move(question), host.connect_timeout, stop.descriptor());
    using kind = program_output::kind;
    constexpr int no_program = 127;
    if (result.ended == kind::not_started || result.code == no_program) return parse_configuration({});
    if (result.ended == kind::killed)
        throw failure(
            "`ssh -G " + address +
            "` did not print the ssh configuration in time: does a Match line of ~/.ssh/config wait "
            "for something?");
    if (result.code != 0)
        throw failure("the ssh program rejects its configuration: " +
                      result.err.substr(0, result.err.find_first_of("\r\n")));
    configuration found = parse_configuration(result.out);
    found.asked = true;
    for (const auto& [word, list] : detail::usual_algorithms(host.connect_timeout, stop))
        if (const auto own = found.algorithms.find(word);
            own != found.algorithms.end() && own->second == list)
            found.algorithms.erase(own);
    return found;
}

WEFT_INLINE std::string ending_proxy(const std::string& command) {
    // Programs in the background lose their standard input, so it is passed by another number.
    constexpr const char* shell =
        "exec 3<&0; /bin/sh -c \"exec $1\" <&3 3<&- & trap \"kill $! 2>/dev/null; exit 143\" TERM; exec 3<&- "
        "</dev/null; "
        "wait $!";
    return "/bin/sh -c " + text::quote(shell) + " sh " + text::quote(command);
}

}  // namespace weft::ssh
