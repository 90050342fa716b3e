// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/arguments.hpp>
#include <weft/cli/bindings.hpp>
#include <weft/cli/hosts_file.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/text/name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace weft::cli {

namespace detail {

WEFT_INLINE bool is_declared(const plan::view& plan, std::string_view host) {
    return std::find(plan.hosts.begin(), plan.hosts.end(), host) != plan.hosts.end();
}

WEFT_INLINE bool is_bound(const std::vector<host_binding>& bindings, std::string_view host) {
    return std::any_of(bindings.begin(), bindings.end(), [&](const auto& row) { return row.name == host; });
}

/// The message for a host that the workflow does not declare.
WEFT_INLINE std::string no_such_host(const plan::view& plan, std::string_view name) {
    if (plan.hosts.empty())
        return fmt::format("workflow '{}' has no hosts: all its tasks run on this machine", plan.name);
    const std::string close = nearest(name, {plan.hosts.begin(), plan.hosts.end()});
    return fmt::format("workflow '{}' has no host '{}'{}", plan.name, name,
                       close.empty() ? fmt::format(" (it has: {})", fmt::join(plan.hosts, ", "))
                                     : fmt::format("; did you mean '{}'?", close));
}

/// The file's bindings of this workflow's hosts; the file may also bind hosts of other workflows. A name
/// similar to one of the workflow's hosts that the file does not bind is rejected as a misspelling.
WEFT_INLINE std::vector<host_binding> of_file(const plan::view& plan, const std::string& file) {
    std::vector<host_binding> all = read_hosts_file(file);
    std::vector<std::string> missing;
    for (const std::string_view host : plan.hosts)
        if (!is_bound(all, host)) missing.emplace_back(host);
    std::vector<host_binding> bindings;
    for (host_binding& binding : all) {
        if (is_declared(plan, binding.name)) {
            bindings.push_back(std::move(binding));
            continue;
        }
        const std::string close = nearest(binding.name, missing);
        if (!close.empty())
            throw options_error(
                fmt::format("{}: workflow '{}' has no host '{}', and its host '{}' is not in the "
                            "file; did you mean [{}]?",
                            file, plan.name, binding.name, close, close));
    }
    return bindings;
}

/// One `--host` option: one machine of its host.
WEFT_INLINE host_binding of_address(const plan::view& plan, const std::vector<host_binding>& file,
                                    const std::string& text) {
    const auto equals = text.find('=');
    if (equals == text.npos)
        throw options_error(
            fmt::format("--host {}: the host's name is missing; write --host {}=[user@]address[:port]", text,
                        plan.hosts.empty() ? "NAME" : plan.hosts.front()));
    host_binding binding{text.substr(0, equals), {}};
    if (!is_declared(plan, binding.name))
        throw options_error(fmt::format("--host {}: {}", text, no_such_host(plan, binding.name)));
    ssh_host machine;
    try {
        machine = parse_address(text.substr(equals + 1));
    } catch (const options_error& error) {
        throw options_error(fmt::format("--host {}: {}", text, error.what()));
    }
    // The file's other keys for this machine, or else for the host's first machine, still apply.
    const auto of_host = [&](const auto& row) { return row.name == binding.name; };
    auto base = std::find_if(file.begin(), file.end(), [&](const auto& row) {
        return of_host(row) && row.host.address == machine.address;
    });
    if (base == file.end()) base = std::find_if(file.begin(), file.end(), of_host);
    if (base != file.end()) binding.host = base->host;
    binding.host.address = machine.address;
    if (!machine.user.empty()) binding.host.user = machine.user;
    if (machine.port != 0) binding.host.port = machine.port;
    return binding;
}

/// Sets a field for the machines of one host (`NAME=FILE`), or, without a name, for all hosts.
WEFT_INLINE void set_file(const plan::view& plan, std::vector<host_binding>& bindings, std::string_view flag,
                          const std::string& text, std::string ssh_host::*field) {
    const auto equals = text.find('=');
    const bool named = equals != text.npos && text::is_name(text.substr(0, equals));
    const std::string name = named ? text.substr(0, equals) : "";
    const std::string file = named ? text.substr(equals + 1) : text;
    if (named && !is_declared(plan, name))
        throw options_error(fmt::format("{} {}: {}", flag, text, no_such_host(plan, name)));
    if (file.empty()) throw options_error(fmt::format("{} {}: the file's name is missing", flag, text));
    for (const std::string_view host : plan.hosts) {
        if (named && host != name) continue;
        if (!is_bound(bindings, host)) bindings.push_back({std::string(host), {}});
        for (host_binding& binding : bindings)
            if (binding.name == host) binding.host.*field = file;
    }
}

}  // namespace detail

WEFT_INLINE std::vector<host_binding> bind_hosts(const plan::view& plan, const host_flags& given) {
    std::vector<host_binding> bindings;
    if (!given.file.empty()) bindings = detail::of_file(plan, given.file);
    std::vector<host_binding> addressed;
    for (const std::string& text : given.addresses)
        addressed.push_back(detail::of_address(plan, bindings, text));
    std::erase_if(bindings, [&](const auto& row) { return detail::is_bound(addressed, row.name); });
    bindings.insert(bindings.end(), addressed.begin(), addressed.end());
    // Options for all hosts first: one for a single host overrides them, in any order.
    for (const bool named : {false, true}) {
        const auto apply = [&](std::string_view flag, const std::vector<std::string>& texts,
                               std::string ssh_host::*field) {
            for (const std::string& text : texts)
                if (named == (text::is_name(text.substr(0, text.find('='))) && text.find('=') != text.npos))
                    detail::set_file(plan, bindings, flag, text, field);
        };
        apply("--identity", given.identities, &ssh_host::identity);
        apply("--known-hosts", given.known_hosts, &ssh_host::known_hosts);
    }
    return bindings;
}

namespace detail {}  // namespace detail

}  // namespace weft::cli
