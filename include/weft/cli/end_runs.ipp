// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/past_runs.hpp>
#include <weft/cli/past_runs.ipp>
#include <weft/engine/results.hpp>
#include <weft/launch/past_places.hpp>
#include <weft/os/process_table.hpp>
#include <weft/os/scratch_files.hpp>

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace weft::cli {

namespace detail {

/// Asks the process of a run to end it, like Ctrl-C, and waits for its exit.
WEFT_INLINE void signal_engine(const journal::entry& run, const journal::session& last) {
    const journal::session self = journal::this_session(1, {});
    if (last.machine != self.machine)
        throw std::runtime_error(fmt::format("run {} belongs to process {} on {}: cancel it on that machine",
                                             run.run, last.process, last.machine));
    const auto process = static_cast<pid_t>(last.process);
    // Open the descriptor before checking the process's identity: its number cannot be reused after that.
    const os::descriptor target(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!target || !journal::is_alive(last))
        throw std::runtime_error(
            fmt::format("the journal of run {} is locked by a process other than {}, which it names: end "
                        "that process first",
                        run.run, last.process));
    if (::syscall(SYS_pidfd_send_signal, target.get(), SIGTERM, nullptr, 0) != 0)
        throw std::system_error(errno, std::generic_category(),
                                "cannot signal process " + std::to_string(process));
    os::reactor loop;
    const auto wait = [&]() -> os::async<void> { co_await loop.readable(target.get()); };
    loop.run(wait());
}

/// Ends an abandoned attempt: TERM, KILL after the grace, then waits for its end.
WEFT_INLINE os::async<void> end_attempt(os::reactor& loop, launch::past_places::place at,
                                        engine::attempt what, std::chrono::milliseconds grace) {
    at.tasks->stop(what.scratch, engine::stop_signal::terminate);
    const auto kill =
        loop.after(grace, [at, what] { at.tasks->stop(what.scratch, engine::stop_signal::kill); });
    co_await at.tasks->attach(what);
}

/// Ends the attempts of a run whose process is gone. Returns the errors.
WEFT_INLINE os::async<std::string> end_left(os::reactor& loop, launch::past_places& places,
                                            const journal::history& past) {
    std::string trouble;
    for (const auto& [name, task] : past.of_task) {
        if (task.newest.how != engine::past_attempt::state::begun || task.newest.scratch.empty()) continue;
        engine::attempt what;
        what.task = name;
        what.number = task.newest.number;
        what.scratch = task.newest.scratch;
        what.run = past.run;
        try {
            const launch::past_places::place at = co_await places.at(task.newest.host);
            co_await end_attempt(loop, at, what, past.last().options.grace);
        } catch (const std::exception& error) {
            trouble += fmt::format("{}{}: {}", trouble.empty() ? "" : "; ", name, error.what());
        }
    }
    co_return trouble;
}

/// Ends the attempts left by a run and journals that it is cancelled. Throws if that fails.
WEFT_INLINE void cancel_left(journal::journal_file& file, const request& wanted) {
    const std::string text = file.text();
    const journal::history past = journal::read_history(text, file.path());
    if (past.whole != text.size()) file.keep_only(past.whole);
    os::reactor loop;
    launch::past_places places(loop, past, past.run, wanted.options.hosts);
    std::string trouble;
    const auto end = [&]() -> os::async<void> {
        trouble = co_await end_left(loop, places, past);
        co_await places.close();
    };
    loop.run(end());
    if (!trouble.empty()) throw std::runtime_error(trouble);
    std::string lines;
    for (const std::string& name : past.tasks) {
        const journal::task_history& task = past.of_task.at(name);
        task_report row;
        row.name = name;
        row.attempts = task.newest.number;
        row.scratch = task.newest.scratch;
        row.status = task_state::cancelled;
        row.reason = "cancelled";
        if (task.newest.how == engine::past_attempt::state::begun)
            lines += journal::ends_line(row, task_state::cancelled);
        else if (task.state < task_state::finished)
            lines += journal::settles_line(row);
    }
    file.append(lines + journal::run_ends_line("cancelled", 0));
    file.sync();
}

}  // namespace detail

WEFT_INLINE int cancel(const plan::view& plan, const request& wanted) {
    const journal::entry run = detail::run_of(plan, wanted, detail::operand(wanted));
    if (journal::is_being_written(run.directory)) {
        detail::signal_engine(run, journal::read_run(run).last());
    } else {
        const std::string ended = journal::read_run(run).ended;
        if (!ended.empty()) {
            fmt::print("run {} has already ended: {}\n", run.run, ended);
            return 0;
        }
        journal::journal_file file = journal::journal_file::take(run.directory);
        detail::cancel_left(file, wanted);
    }
    const std::string ended = journal::read_run(run).ended;
    fmt::print("run {}: {}\n", run.run,
               ended.empty() ? "its process ended without recording a result" : ended);
    return ended == "cancelled" ? 0 : 1;
}

WEFT_INLINE int clean(const plan::view& plan, const request& wanted) {
    std::vector<journal::entry> runs;
    if (wanted.operands.empty()) {
        runs = journal::runs_of(wanted.options.state, plan.name);
        if (!wanted.all && !runs.empty()) runs.erase(runs.begin());
    } else {
        for (const std::string& name : wanted.operands) runs.push_back(detail::run_of(plan, wanted, name));
    }
    int code = 0;
    for (const journal::entry& run : runs) {
        try {
            if (journal::is_being_written(run.directory) && wanted.operands.empty()) {
                fmt::print("{} is under way: not removed\n", run.run);
                continue;
            }
            journal::journal_file file = journal::journal_file::take(run.directory);
            const journal::history past = journal::read_history(file.text(), file.path());
            os::reactor loop;
            launch::past_places places(loop, past, past.run, wanted.options.hosts);
            const auto remove = [&]() -> os::async<void> {
                std::exception_ptr trouble;
                try {
                    const std::string left = co_await detail::end_left(loop, places, past);
                    if (!left.empty()) throw engine::place_error(left);
                    for (const auto& [host, directories] : past.directories) {
                        const launch::past_places::place at = co_await places.at(host);
                        for (const std::string& directory : directories)
                            co_await at.contents->remove(directory);
                    }
                    for (const journal::session& session : past.sessions)
                        for (const std::string& path : engine::arrivals_of(session.options.results, past.run))
                            os::remove_tree(path);
                } catch (const std::exception&) {
                    trouble = std::current_exception();
                }
                co_await places.close();
                if (trouble) std::rethrow_exception(trouble);
            };
            loop.run(remove());
            std::filesystem::remove_all(run.directory);
            fmt::print("removed {}\n", run.run);
        } catch (const std::exception& error) {
            std::fflush(stdout);
            fmt::print(stderr, "{}: not removed: {}\n", run.run, show::printable(error.what()));
            code = 1;
        }
    }
    if (runs.empty()) fmt::print("nothing to remove\n");
    return code;
}

}  // namespace weft::cli
