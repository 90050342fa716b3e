// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/arguments.hpp>
#include <weft/cli/bindings.hpp>
#include <weft/cli/command_line.hpp>
#include <weft/cli/help.hpp>
#include <weft/journal/state.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/plan/parameter_units.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::cli {

namespace detail {

/// The option values that the parser sets, as text.
struct flags {
    host_flags hosts;
    std::string jobs;
    std::string grace;
    std::string host_deadline;
    std::string format = "mermaid";
    std::string log_format = "text";
    bool quiet = false;
    bool verbose = false;
    bool no_journal = false;
    bool keep_going = false;
    bool resume = false;
    bool help = false;
    bool version = false;
};

WEFT_INLINE void add_options(CLI::App& app, request& into, flags& given) {
    const auto value = [&](const char* name, auto& to, const char* type, const char* about,
                           const char* group) {
        // Without allow_extra_args(false) a repeatable option takes all following words.
        app.add_option(name, to, about)->type_name(type)->group(group)->allow_extra_args(false);
    };
    const auto flag = [&](const char* name, bool& to, const char* about, const char* group) {
        app.add_flag(name, to, about)->group(group);
    };
    value("--host", given.hosts.addresses, "<name>=<address>",
          "address of a host: name=[user@]address[:port], an IPv6 address in brackets; repeatable", "Hosts");
    value("--identity", given.hosts.identities, "[<name>=]<file>", "private key, for one host or all hosts",
          "Hosts");
    value("--known-hosts", given.hosts.known_hosts, "[<name>=]<file>",
          "file of host keys, instead of ~/.ssh/known_hosts", "Hosts");
    value("--hosts", given.hosts.file, "<file>",
          "host bindings in TOML; a host without a binding is looked up in ~/.ssh/config", "Hosts");

    value("-j,--jobs", given.jobs, "<n>", "concurrent tasks on this machine (default: one per processor)",
          "Run");
    value("--scratch", into.options.scratch, "<dir>", "base directory of scratch (default: /tmp)", "Run");
    value("--results", into.options.results, "<dir>", "directory for collected outputs (default: results)",
          "Run");
    flag("--keep", into.options.keep, "keep every scratch directory", "Run");
    flag("--fail-fast", into.options.fail_fast, "end the run at the first failure", "Run");
    flag("--keep-going", given.keep_going,
         "after a failure, run the tasks that do not depend on it (default, except for resume after "
         "--fail-fast)",
         "Run");
    value("--host-deadline", given.host_deadline, "<time>",
          "how long to reconnect to a host before it counts as lost (default: 60s)", "Hosts");
    value("--grace", given.grace, "<time>", "time from TERM to KILL when a task is ended (default: 5s)",
          "Run");
    value("--state", into.options.state, "<dir>",
          "directory of the runs' journals (default: $XDG_STATE_HOME/weft, else ~/.local/state/weft)", "Run");
    flag("--no-journal", given.no_journal, "write no journal: the run cannot be resumed", "Run");
    flag("--resume", given.resume, "with run: same as the command resume for the newest run", "Run");
    flag("--explain", into.options.explain, "with resume: log why each task runs or is reused", "Run");

    value("--run", into.run, "<run>", "with logs and rerun: the run (default: the newest)", "Past runs");
    flag("--shell", into.shell, "with rerun: open a shell in the task's scratch, with its environment",
         "Past runs");
    flag("--all", into.all, "with clean: also remove the newest run", "Past runs");

    flag("-q,--quiet", given.quiet, "log only warnings and errors", "Log");
    flag("-v,--verbose", given.verbose, "also log connections and staging", "Log");
    value("--log-format", given.log_format, "text|json", "json: one object per line (default: text)", "Log");

    value("--format", given.format, "dot|mermaid", "output language of the command graph (default: mermaid)",
          "Other");
    flag("-h,--help", given.help, "print this and exit", "Other");
    flag("--version", given.version, "print the version of weft and exit", "Other");
}

WEFT_INLINE bool fits_in_usage(const plan::parameter& row) {
    return fmt::format("{}", fmt::join(row.choices, "|")).size() <= 32;
}

/// The placeholder in `--name <value>`; `...` means a comma-separated list.
WEFT_INLINE std::string value_name(const plan::parameter& row) {
    const bool listed = !row.choices.empty() && fits_in_usage(row);
    const std::string choices = fmt::format("{}", fmt::join(row.choices, "|"));
    return fmt::format("<{}>{}", listed ? choices : row.type, row.list ? ",..." : "");
}

WEFT_INLINE void add_parameters(CLI::App& app, const plan::view& plan) {
    for (const plan::parameter& row : plan.parameters) {
        const std::string name(row.name);
        if (app.get_option_no_throw("--" + name) != nullptr)
            throw options_error(fmt::format(
                "parameter '{}' of workflow '{}' has the name of the option --{}: rename the parameter", name,
                plan.name, name));
        std::string about(row.description);
        if (!row.choices.empty() && !fits_in_usage(row))
            about += fmt::format("{}one of {}", about.empty() ? "" : "; ", fmt::join(row.choices, ", "));
        about += about.empty() ? "" : " ";
        about += row.required               ? "(required)"
                 : row.default_text.empty() ? "(default: empty)"
                                            : fmt::format("(default: {})", show::printable(row.default_text));
        CLI::Option* const option = app.add_option(
            "--" + name, [](const CLI::results_t&) { return true; }, about);
        option->type_name(value_name(row))->group("Parameters");
        if (row.list) option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
    }
}

/// Reads a number from `least` to `most`; throws `options_error` that names the flag and its range.
template <class Number>
Number number(std::string_view flag, const std::string& text, Number least, Number most,
              std::string_view kind) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !(value >= least && value <= most))
        throw options_error(fmt::format("{} {}: expected {} from {} to {}", flag, text, kind, least, most));
    return value;
}

/// Reads a time: a plain number of seconds, or a number with a unit.
WEFT_INLINE std::chrono::milliseconds time_span(std::string_view flag, const std::string& text, double least,
                                                double most) {
    double seconds{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc{} || stop != end) {
        const auto given = plan::read_duration(text);
        seconds = given ? static_cast<double>(*given) / 1e9 : -1;
    }
    if (!(seconds >= least && seconds <= most))
        throw options_error(
            fmt::format("{} {}: expected seconds from {} to {}, or a duration such as 500ms, 5s or 2min",
                        flag, text, least, most));
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

WEFT_INLINE void one_of(std::string_view flag, const std::string& text,
                        const std::vector<std::string>& values) {
    if (std::find(values.begin(), values.end(), text) != values.end()) return;
    throw options_error(fmt::format("{} {}: expected {}", flag, text, fmt::join(values, " or ")));
}

/// Reads the given values of the workflow's parameters. Only `run` needs the required ones.
WEFT_INLINE void read_parameters(const plan::view& plan, const CLI::App& app, request& wanted) {
    std::vector<std::string> missing;
    for (const plan::parameter& row : plan.parameters) {
        const std::string name(row.name);
        if (app.count("--" + name) == 0) {
            if (row.required) missing.push_back(fmt::format("--{} {}", name, value_name(row)));
            continue;
        }
        // A repeated list option appends to the list.
        std::vector<std::string> texts = app.get_option("--" + name)->results();
        if (texts.size() > 1) std::erase(texts, "");
        const std::string text = fmt::format("{}", fmt::join(texts, ","));
        std::string read;
        if (!row.read(text, read))
            throw options_error(fmt::format("--{} {}: {}", name, text.empty() ? "''" : text, read));
        wanted.options.parameters[name] = text;
    }
    if (wanted.what == command::run && !wanted.given.contains("--resume") && !missing.empty())
        throw options_error(
            fmt::format("workflow '{}' needs {}; see --help", plan.name, fmt::join(missing, ", ")));
}

WEFT_INLINE void finish(const CLI::App& app, const flags& given, request& wanted) {
    one_of("--format", given.format, {"dot", "mermaid"});
    one_of("--log-format", given.log_format, {"text", "json"});
    if (app.count("--format") != 0 && wanted.what != command::graph)
        throw options_error("--format belongs to the command graph: write graph --format " + given.format);
    const auto belongs = [&](const char* option, std::initializer_list<command> commands, const char* text) {
        if (app.count(option) != 0 &&
            std::find(commands.begin(), commands.end(), wanted.what) == commands.end())
            throw options_error(fmt::format("{} belongs to {}", option, text));
    };
    belongs("--resume", {command::run}, "the command run");
    belongs("--run", {command::logs, command::rerun}, "the commands logs and rerun");
    belongs("--shell", {command::rerun}, "the command rerun: write rerun TASK --shell");
    belongs("--all", {command::clean}, "the command clean");
    if (given.resume) wanted.what = command::resume;
    if (app.count("--explain") != 0 && wanted.what != command::resume)
        throw options_error("--explain belongs to the command resume");
    if (given.no_journal && (app.count("--state") != 0 || wanted.what != command::run))
        throw options_error("--no-journal belongs to the command run, without --state: leave it out");
    if ((wanted.what == command::logs || wanted.what == command::rerun) && wanted.operands.empty())
        throw options_error(fmt::format("{} needs a task: write {} TASK",
                                        app.get_subcommands().front()->get_name(),
                                        app.get_subcommands().front()->get_name()));
    if (given.quiet && given.verbose)
        throw options_error("--quiet and --verbose exclude each other: give only one");
    if (given.keep_going && wanted.options.fail_fast)
        throw options_error("--fail-fast and --keep-going exclude each other: give only one");
    if (app.count("--jobs") != 0)
        wanted.options.jobs = number<unsigned>("--jobs", given.jobs, 1, 100000, "a whole number");
    if (app.count("--host-deadline") != 0)
        wanted.options.host_deadline = time_span("--host-deadline", given.host_deadline, 1, 1000000);
    if (app.count("--grace") != 0) wanted.options.grace = time_span("--grace", given.grace, 0, 86400);
    for (const char* name : {"--scratch", "--results", "--hosts", "--state", "--run"})
        if (app.count(name) != 0 && app.get_option(name)->as<std::string>().empty())
            throw options_error(fmt::format("{} '': the value is empty", name));
    if (!given.no_journal && wanted.options.state.empty() && wanted.what != command::plan &&
        wanted.what != command::graph)
        wanted.options.state = journal::default_directory();
    wanted.graph_format = given.format;
    wanted.options.handle_signals = true;
    wanted.log.level = given.quiet     ? show::log_level::warning
                       : given.verbose ? show::log_level::debug
                                       : show::log_level::info;
    wanted.log.format = given.log_format == "json" ? show::log_format::json : show::log_format::text;
    const char* const no_colour = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    wanted.log.colour = ::isatty(wanted.log.descriptor) && (no_colour == nullptr || *no_colour == '\0') &&
                        terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace detail

WEFT_INLINE std::string program_name(int argc, const char* const* argv) {
    const std::string_view path = argc > 0 ? argv[0] : "weft";
    return show::printable(path.substr(path.rfind('/') + 1));
}

WEFT_INLINE reading read_command_line(const plan::view& plan, int argc, const char* const* argv) {
    request wanted;
    wanted.program = show::printable(argc > 0 ? argv[0] : "weft");
    detail::flags given;
    CLI::App app;
    app.set_help_flag();
    app.require_subcommand(0, 1);
    app.fallthrough();
    app.add_subcommand("run", "run the workflow (default command)");
    app.add_subcommand("resume", "resume a run (the newest, or RUN): reuse finished, unchanged tasks");
    app.add_subcommand("plan", "print what would run where, without running it");
    app.add_subcommand("graph", "print the graph in the language of Graphviz or Mermaid");
    app.add_subcommand("runs", "list the runs, past and under way");
    app.add_subcommand("status", "print the state of each task of a run (the newest, or RUN)");
    app.add_subcommand("logs", "print the stdout and stderr of TASK, from its host");
    app.add_subcommand("rerun", "run the command of TASK again in its scratch, or open a shell there");
    app.add_subcommand("cancel", "end a run (the newest, or RUN)");
    app.add_subcommand("clean", "remove journal and scratch of all runs except the newest, or of RUN...");
    for (CLI::App* command : app.get_subcommands({})) command->set_help_flag();
    try {
        detail::add_options(app, wanted, given);
        // Options before the parameters are added: a parameter must not be mistaken for an option.
        const auto options = app.get_options();
        detail::add_parameters(app, plan);
        std::vector<std::string> words = spell_out(app, plan, argc, argv, wanted.operands);
        std::reverse(words.begin(), words.end());
        app.parse(words);
        if (given.help || given.version) {
            const std::string text = given.help ? help_text(app, plan, argc > 0 ? argv[0] : "weft")
                                                : std::string("weft " WEFT_VERSION "\n");
            std::fputs(text.c_str(), stdout);
            return {std::nullopt, std::fflush(stdout) == 0 ? 0 : 1};
        }
        constexpr std::string_view commands[] = {"run",    "resume", "plan",  "graph",  "runs",
                                                 "status", "logs",   "rerun", "cancel", "clean"};
        for (const CLI::App* command : app.get_subcommands())
            wanted.what = static_cast<cli::command>(
                std::find(std::begin(commands), std::end(commands), command->get_name()) -
                std::begin(commands));
        for (const CLI::Option* option : options)
            if (option->count() != 0) wanted.given.insert(option->get_name());
        detail::finish(app, given, wanted);
        wanted.options.hosts = bind_hosts(plan, given.hosts);
        detail::read_parameters(plan, app, wanted);
        return {std::move(wanted), 0};
    } catch (const CLI::Error& error) {
        throw options_error(error.what());
    }
}

}  // namespace weft::cli
