// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/command_line.hpp>
#include <weft/cli/hosts_file.hpp>
#include <weft/launch.hpp>
#include <weft/text/name.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::cli {

namespace detail {

/// Options that bind hosts, as given: `NAME=VALUE`, or a value for all.
struct host_flags {
    std::string file;
    std::vector<std::string> addresses;
    std::vector<std::string> identities;
    std::vector<std::string> known_hosts;
};

WEFT_INLINE bool is_declared(const plan::view& what, std::string_view host) {
    return std::find(what.hosts.begin(), what.hosts.end(), host) != what.hosts.end();
}

/// Of `names` the one that is spelled most like `given`; empty when none is close.
WEFT_INLINE std::string nearest(std::string_view given, const std::vector<std::string>& names) {
    std::string best;
    std::size_t least = given.size() / 3 + 2;
    for (const std::string& name : names) {
        const std::size_t distance = text::edit_distance(given, name);
        if (distance >= least) continue;
        least = distance;
        best = name;
    }
    return best;
}

/// `NAME=VALUE` taken apart; throws when there is no such host.
WEFT_INLINE std::pair<std::string, std::string> named_value(const plan::view& what, std::string_view flag,
                                                            const std::string& given) {
    const auto equals = given.find('=');
    if (equals == given.npos)
        throw options_error(fmt::format("{} {}: write {} NAME=VALUE, with a host of the workflow as NAME",
                                        flag, given, flag));
    std::string name = given.substr(0, equals);
    if (!is_declared(what, name)) {
        const std::vector<std::string> hosts(what.hosts.begin(), what.hosts.end());
        const std::string close = nearest(name, hosts);
        throw options_error(fmt::format("{} {}: workflow '{}' has no host '{}'{}", flag, given, what.name,
                                        name,
                                        close.empty() ? fmt::format(" (it has: {})", fmt::join(hosts, ", "))
                                                      : fmt::format("; did you mean '{}'?", close)));
    }
    return {std::move(name), given.substr(equals + 1)};
}

/// Sets a field of the bindings of one host (`NAME=VALUE`), or, without a name, of all.
WEFT_INLINE void set_field(const plan::view& what, std::vector<host_binding>& bindings, std::string_view flag,
                           const std::vector<std::string>& given, std::string ssh_host::*field) {
    for (const std::string& text : given) {
        const auto equals = text.find('=');
        const bool for_one = equals != text.npos && text::is_name(text.substr(0, equals));
        auto [name, value] = for_one ? named_value(what, flag, text) : std::pair(std::string(), text);
        if (value.empty()) throw options_error(fmt::format("{} {}: the file's name is empty", flag, text));
        for (const std::string_view host : what.hosts) {
            if (for_one && host != name) continue;
            bool bound = false;
            for (host_binding& binding : bindings)
                if (binding.name == host) {
                    binding.host.*field = value;
                    bound = true;
                }
            if (!bound) {
                bindings.push_back({std::string(host), {}});
                bindings.back().host.*field = value;
            }
        }
    }
}

/// The command line overrides the hosts file: an address given there replaces the file's machines of that
/// name.
WEFT_INLINE std::vector<host_binding> bind_hosts(const plan::view& what, const host_flags& flags) {
    std::vector<host_binding> bindings;
    if (!flags.file.empty()) {
        for (host_binding& binding : read_hosts_file(flags.file))
            if (is_declared(what, binding.name)) bindings.push_back(std::move(binding));
    }
    std::vector<host_binding> given;
    for (const std::string& text : flags.addresses) {
        auto [name, address] = named_value(what, "--host", text);
        ssh_host machine = parse_address(address);
        const auto of_file = std::find_if(bindings.begin(), bindings.end(),
                                          [&name = name](const auto& row) { return row.name == name; });
        if (of_file != bindings.end()) {
            // What the file says of the host beside its address still holds.
            ssh_host merged = of_file->host;
            merged.address = machine.address;
            if (!machine.user.empty()) merged.user = machine.user;
            if (machine.port != 0) merged.port = machine.port;
            machine = merged;
        }
        given.push_back({std::move(name), std::move(machine)});
    }
    std::erase_if(bindings, [&](const host_binding& row) {
        return std::any_of(given.begin(), given.end(),
                           [&](const host_binding& other) { return other.name == row.name; });
    });
    bindings.insert(bindings.end(), given.begin(), given.end());
    set_field(what, bindings, "--identity", flags.identities, &ssh_host::identity);
    set_field(what, bindings, "--known-hosts", flags.known_hosts, &ssh_host::known_hosts);
    return bindings;
}

WEFT_INLINE std::string description(const plan::view& what) {
    std::string text =
        fmt::format("workflow '{}': {} tasks, {} levels", what.name, what.tasks.size(), what.depth);
    if (!what.hosts.empty()) text += fmt::format("; hosts: {}", fmt::join(what.hosts, ", "));
    return text;
}

WEFT_INLINE std::string examples(const plan::view& what, std::string_view program) {
    std::string text = "Examples:\n";
    if (what.hosts.empty()) {
        text += fmt::format("  {} --jobs 4\n", program);
    } else {
        const std::string_view host = what.hosts.front();
        text += fmt::format("  {} --host {}=alice@192.0.2.10 --identity {}=~/.ssh/id_ed25519\n", program,
                            host, host);
        text += fmt::format("  {} --hosts hosts.toml\n", program);
    }
    text += fmt::format("  {} plan\n  {} graph --format dot | dot -Tsvg > graph.svg\n", program, program);
    return text;
}

/// Everything that the parser fills in.
struct flags {
    host_flags hosts;
    std::map<std::string, std::string> parameters;
    double grace = 5;
    bool quiet = false;
    bool verbose = false;
    std::string log_format = "text";
};

WEFT_INLINE void add_run_options(CLI::App& app, const plan::view& what, request& into, flags& given) {
    app.add_option("--host", given.hosts.addresses, "Bind a host: NAME=[user@]address[:port], repeatable")
        ->type_name("NAME=ADDRESS")
        ->group("Hosts");
    app.add_option("--identity", given.hosts.identities,
                   "Private key file, for one host (NAME=FILE) or for all")
        ->type_name("[NAME=]FILE")
        ->group("Hosts");
    app.add_option("--known-hosts", given.hosts.known_hosts,
                   "File with host keys, instead of ~/.ssh/known_hosts")
        ->type_name("[NAME=]FILE")
        ->group("Hosts");
    app.add_option("--hosts", given.hosts.file, "Bindings from a TOML file")
        ->type_name("FILE")
        ->group("Hosts");

    app.add_option("-j,--jobs", into.how.jobs, "Tasks at a time on this machine [one per processor]")
        ->type_name("N")
        ->check(CLI::Range(1u, 100000u))
        ->group("Run");
    app.add_option("--scratch", into.how.scratch, "Base directory of scratch [/tmp]")
        ->type_name("DIR")
        ->group("Run");
    app.add_option("--results", into.how.results, "Where collected outputs go [results]")
        ->type_name("DIR")
        ->group("Run");
    app.add_flag("--keep", into.how.keep, "Keep every scratch directory")->group("Run");
    app.add_flag("--fail-fast", into.how.fail_fast, "End the run at the first failure")->group("Run");
    app.add_option("--grace", given.grace, "Seconds from TERM to KILL [5]")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 86400.0))
        ->group("Run");

    auto* quiet = app.add_flag("-q,--quiet", given.quiet, "Log only warnings and errors")->group("Log");
    app.add_flag("-v,--verbose", given.verbose, "Log staging and connections too")
        ->group("Log")
        ->excludes(quiet);
    app.add_option("--log-format", given.log_format, "text or json [text]")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}))
        ->group("Log");

    for (const plan::parameter& row : what.parameters) {
        const std::string name(row.name);
        std::string about(row.description);
        about += about.empty() ? "" : " ";
        about += row.required ? "(required)" : fmt::format("[{}]", row.default_text);
        if (app.get_option_no_throw("--" + name) != nullptr || name == "help" || name == "version")
            throw options_error(
                fmt::format("parameter '{}' of workflow '{}' has the name of the option --{}: "
                            "give the parameter another name",
                            name, what.name, name));
        app.add_option("--" + name, given.parameters[name], about)
            ->type_name(std::string(row.type))
            ->group("Parameters");
    }
}

/// What CLI11 says, in one line, with the nearest option's name where something is unknown.
WEFT_INLINE std::string explain(const CLI::App& app, const CLI::ParseError& error, int argc,
                                const char* const* argv) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return message;
    std::vector<std::string> names;
    const auto collect = [&names](const CLI::App& from) {
        for (const CLI::Option* option : from.get_options())
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    };
    collect(app);
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    for (int at = 1; at < argc; ++at) {
        const std::string word = std::string(argv[at]).substr(0, std::string_view(argv[at]).find('='));
        if (message.find(word) == message.npos || std::find(names.begin(), names.end(), word) != names.end())
            continue;
        const std::string close = nearest(word, names);
        return fmt::format("{} is not known{}", word,
                           close.empty() ? "; see --help" : fmt::format("; did you mean {}?", close));
    }
    return message;
}

}  // namespace detail

WEFT_INLINE reading read_command_line(const plan::view& what, int argc, const char* const* argv) {
    const std::string program =
        argc > 0 ? std::string_view(argv[0]).substr(std::string_view(argv[0]).rfind('/') + 1).data() : "weft";
    const auto refuse = [&](const std::string& why) {
        std::cerr << program << ": " << why << '\n';
        return reading{std::nullopt, 2};
    };
    request wanted;
    detail::flags given;
    CLI::App app(detail::description(what), program);
    app.get_formatter()->column_width(32);
    app.footer(detail::examples(what, argc > 0 ? argv[0] : program));
    app.set_version_flag("--version", "weft " WEFT_VERSION, "Print the version of weft");
    app.require_subcommand(0, 1);
    app.fallthrough();
    app.add_subcommand("run", "Run the workflow (this is what happens without a command)");
    CLI::App* plan = app.add_subcommand("plan", "Print what would be done, and do nothing");
    CLI::App* graph = app.add_subcommand("graph", "Print the graph");
    graph->add_option("--format", wanted.graph_format, "dot or mermaid [mermaid]")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"dot", "mermaid"}));
    try {
        detail::add_run_options(app, what, wanted, given);
        app.parse(argc, const_cast<char**>(argv));
        wanted.what = plan->parsed() ? command::plan : graph->parsed() ? command::graph : command::run;
        wanted.how.hosts = detail::bind_hosts(what, given.hosts);
        for (const plan::parameter& row : what.parameters) {
            const std::string name(row.name);
            if (app.count("--" + name) == 0) {
                if (row.required && wanted.what == command::run)
                    return refuse(fmt::format("--{} ({}) is required", name, row.type));
                continue;
            }
            std::string read;
            if (!row.read(given.parameters[name], read))
                return refuse(fmt::format("--{} {}: {}", name, given.parameters[name], read));
            wanted.how.parameters[name] = given.parameters[name];
        }
    } catch (const CLI::Success& done) {
        return {std::nullopt, app.exit(done)};
    } catch (const CLI::ParseError& error) {
        return refuse(detail::explain(app, error, argc, argv));
    } catch (const options_error& error) {
        return refuse(error.what());
    }
    wanted.how.grace = std::chrono::milliseconds(static_cast<std::int64_t>(given.grace * 1000));
    wanted.how.handle_signals = true;
    wanted.log.level = given.quiet     ? show::log_level::warning
                       : given.verbose ? show::log_level::debug
                                       : show::log_level::info;
    wanted.log.format = given.log_format == "json" ? show::log_format::json : show::log_format::text;
    wanted.log.colour = ::isatty(wanted.log.descriptor) && std::getenv("NO_COLOR") == nullptr;
    return {std::move(wanted), 0};
}

}  // namespace weft::cli
