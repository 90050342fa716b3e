// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/arguments.hpp>
#include <weft/cli/past_runs.hpp>
#include <weft/cli/past_runs.ipp>
#include <weft/cli/ssh_command.hpp>
#include <weft/launch/past_places.hpp>
#include <weft/text/shell_quote.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace weft::cli {

namespace detail {

/// The most bytes of a task's output that are fetched from a host.
inline constexpr std::size_t most_output = 16u << 20;

struct past_task {
    journal::history past;
    std::string name;
    engine::past_attempt newest;
};

/// The task of `logs` and `rerun`. Throws when it has no scratch directory.
WEFT_INLINE past_task task_of(const plan::view& plan, const request& wanted) {
    past_task result;
    result.past = journal::read_run(run_of(plan, wanted, wanted.run));
    result.name = operand(wanted);
    const auto found = result.past.of_task.find(result.name);
    if (found == result.past.of_task.end()) {
        const std::string close = nearest(result.name, result.past.tasks);
        throw options_error(fmt::format("workflow '{}' has no task '{}'{}", plan.name, result.name,
                                        close.empty() ? "" : fmt::format("; did you mean {}?", close)));
    }
    result.newest = found->second.newest;
    if (result.newest.how == engine::past_attempt::state::none || result.newest.scratch.empty())
        throw std::runtime_error(fmt::format(
            "task {} has no output in run {}: it is {}{}", result.name, result.past.run,
            to_string(found->second.state),
            found->second.reason.empty() ? "" : ", because " + show::printable(found->second.reason)));
    if (result.newest.removed)
        throw std::runtime_error(
            fmt::format("the scratch of task {}, with its output, was removed after its last consumer: run "
                        "with --keep to keep it",
                        result.name));
    return result;
}

/// Escapes control characters of a task's output on a terminal; a file or a pipe gets the output unchanged.
WEFT_INLINE void write_whole(std::FILE* to, std::string text) {
    if (::isatty(::fileno(to))) text = show::printable_lines(text);
    if (std::fwrite(text.data(), 1, text.size(), to) != text.size() || std::fflush(to) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot write to stdout");
}

}  // namespace detail

WEFT_INLINE int print_logs(const plan::view& plan, const request& wanted) {
    const detail::past_task task = detail::task_of(plan, wanted);
    os::reactor loop;
    launch::past_places places(loop, task.past, "of-no-run", wanted.options.hosts);
    std::string output;
    std::string errors;
    const auto read = [&]() -> os::async<void> {
        std::exception_ptr trouble;
        try {
            const launch::past_places::place at = co_await places.at(task.newest.host);
            std::string file = task.newest.scratch + "/.weft/stdout";
            output = co_await at.contents->tail(std::move(file), detail::most_output);
            file = task.newest.scratch + "/.weft/stderr";
            errors = co_await at.contents->tail(std::move(file), detail::most_output);
        } catch (const std::exception&) {
            trouble = std::current_exception();
        }
        co_await places.close();
        if (trouble) std::rethrow_exception(trouble);
    };
    loop.run(read());
    detail::write_whole(stdout, std::move(output));
    detail::write_whole(stderr, std::move(errors));
    return 0;
}

WEFT_INLINE int rerun(const plan::view& plan, const request& wanted) {
    const detail::past_task task = detail::task_of(plan, wanted);
    if (task.newest.how == engine::past_attempt::state::begun &&
        journal::is_being_written(journal::run_directory(wanted.options.state, plan.name, task.past.run)))
        throw std::runtime_error(
            fmt::format("task {} is running in {}: wait for it to end", task.name, task.newest.scratch));
    // Runs the command like its first attempt, except that its output goes to the terminal.
    const std::string scratch = text::quote(task.newest.scratch);
    std::string script = fmt::format("cd {} || exit; . ./.weft/environment; ", scratch);
    if (wanted.shell)
        script += ::isatty(STDIN_FILENO) ? "exec \"${SHELL:-/bin/sh}\" -i" : "exec \"${SHELL:-/bin/sh}\"";
    else
        script +=
            "if command -v bash >/dev/null; then exec bash -euo pipefail .weft/command; fi; exec sh -eu "
            ".weft/command";
    std::vector<std::string> words{"sh", "-c", script};
    if (!task.newest.host.empty()) {
        ssh_host machine = launch::reach_of(wanted.options.hosts, task.past, task.newest.host);
        if (machine.address.empty()) machine.address = task.newest.host;
        words = ssh_command(machine, script, ::isatty(STDIN_FILENO) != 0);
    } else if (!std::filesystem::exists(task.newest.scratch + "/.weft/environment")) {
        throw std::runtime_error(
            fmt::format("the scratch of task {} no longer exists: {}", task.name, task.newest.scratch));
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::signal(SIGXFSZ, SIG_DFL);  // `main` ignores it
    ::execvp(argv.front(), argv.data());
    throw std::system_error(errno, std::generic_category(), "cannot start '" + words.front() + "'");
}

}  // namespace weft::cli
