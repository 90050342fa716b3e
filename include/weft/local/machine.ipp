// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/named_streams.hpp>
#include <weft/local/machine.hpp>
#include <weft/os/machine_memory.hpp>
#include <weft/os/process_table.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/text/shell_quote.hpp>

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <thread>
#include <utility>

namespace weft::local {

namespace detail {

/// How long processes that a task left behind have between TERM and KILL.
inline constexpr std::chrono::milliseconds leftover_grace{500};

WEFT_INLINE bool has_bash() {
    return ::access("/bin/bash", X_OK) == 0 || ::access("/usr/bin/bash", X_OK) == 0;
}

/// What runs commands here: a pipeline fails with any of its programs wherever a shell knows how.
WEFT_INLINE std::vector<std::string> command_shell() {
    if (has_bash()) return {"bash", "-euo", "pipefail"};
    os::process_start test;
    test.arguments = {"sh", "-c", "set -o pipefail"};
    test.environment = os::environment_with({});
    os::process shell(test);
    if (shell.reap().code == 0) return {"sh", "-euo", "pipefail"};
    return {"sh", "-eu"};
}

/// What `.weft/pid` holds: the number and the start time, which together no other process has.
WEFT_INLINE std::string process_mark(pid_t id) {
    return std::to_string(id) + ' ' + os::process_start_time(id) + '\n';
}

/// The processes of an attempt's group, if its leader is still the process that was started.
WEFT_INLINE std::vector<pid_t> group_of(const std::string& scratch) {
    const std::string mark = os::read_tail(scratch + "/.weft/pid", 64);
    pid_t leader = 0;
    std::from_chars(mark.data(), mark.data() + mark.size(), leader);
    if (leader <= 1 || process_mark(leader) != mark) return {};
    return os::processes_in_group(leader);
}

}  // namespace detail

WEFT_INLINE os::async<engine::capacity> machine::open() {
    try {
        if (!directory_.empty()) os::have_private_directory(directory_);
    } catch (const std::exception& error) {
        throw engine::place_error(std::string("scratch cannot be written: ") + error.what() +
                                  "; give another directory with --scratch");
    }
    engine::capacity has{std::max(1u, std::thread::hardware_concurrency()), os::machine_memory()};
    try {
        shell_ = detail::command_shell();
    } catch (const std::exception& error) {
        throw engine::place_error(std::string("there is no shell for commands here: ") + error.what());
    }
    const bool whole = shell_.back() == "pipefail";
    has.shell = shell_.front() == "bash" ? "bash" : whole ? engine::shell_with_pipefail : engine::plain_shell;
    co_return has;
}

/// Writes what the task and people need, in a scratch directory that has the inputs already.
WEFT_INLINE os::process_start machine::prepare(const engine::attempt& what) const {
    const std::string private_files = what.scratch + "/.weft";
    auto environment = what.environment;
    environment.emplace_back("WEFT_RUN", run_);
    environment.emplace_back("WEFT_TASK", what.task);
    environment.emplace_back("WEFT_ATTEMPT", std::to_string(what.number));
    std::string exports;
    for (const auto& [name, value] : environment)
        exports += "export " + name + '=' + text::quote(value) + '\n';
    // Secrets are in no file: who tries the task by hand sets them.
    for (const auto& [name, value] : what.secrets) {
        exports += "# " + name + " is a secret\n";
        environment.emplace_back(name, value);
    }
    os::write_private_file(private_files + "/environment", exports);

    os::process_start start;
    if (what.action == plan::action_kind::function) return start;
    start.directory = what.scratch;
    start.own_session = true;
    start.environment = os::environment_with(environment, what.withheld);
    if (what.action == plan::action_kind::shell) {
        os::write_private_file(private_files + "/command", what.script + '\n');
        start.arguments = shell_;
        start.arguments.emplace_back(".weft/command");
    } else {
        std::string command = "exec";
        for (const std::string& argument : what.arguments) command += ' ' + text::quote(argument);
        os::write_private_file(private_files + "/command", command + '\n');
        start.arguments = what.arguments;
    }
    return start;
}

/// A function cannot be ended from outside: it is asked to, and its end is waited for.
WEFT_INLINE os::async<engine::outcome> machine::call(const engine::attempt& what) {
    engine::outcome result;
    const std::string scratch = what.scratch;
    std::function<void()> work;
    linked_inputs inputs;
    try {
        if (what.needs_scratch) {
            inputs = co_await link_inputs(what);
            prepare(what);
        }
        work = [call = what.function, stop = calls_[scratch].get_token()] { call(stop); };
        result.how = engine::outcome::kind::exited;
    } catch (const std::exception& error) {
        result.message = error.what();
    }
    if (!work) co_return result;
    try {
        co_await loop_.blocking(std::move(work));
    } catch (const std::exception& error) {
        result.how = engine::outcome::kind::threw;
        result.message = error.what();
    }
    calls_.erase(scratch);
    co_await find_altered(what, inputs, result);
    co_return result;
}

/// Ends the processes that `search` finds, of which `is_meant` holds still; returns whether there were some.
/// The search goes through all of /proc, on a helper thread. (Callers name the two functions: GCC 12 destroys
/// temporary ones in a co_await expression twice.)
WEFT_INLINE os::async<bool> machine::end_found(search_for_processes search,
                                               std::function<bool(pid_t)> is_meant) {
    std::vector<pid_t> found;
    std::function<void()> look = [&] { found = search(); };
    co_await loop_.blocking(std::move(look));
    const bool any = !found.empty();
    co_await os::end_processes(loop_, std::move(found), detail::leftover_grace, std::move(is_meant));
    co_return any;
}

WEFT_INLINE os::async<engine::outcome> machine::run(const engine::attempt& what) {
    if (what.action == plan::action_kind::function) co_return co_await call(what);
    engine::outcome result;
    const std::string scratch = what.scratch;
    std::optional<os::process> task;
    std::optional<stream_readers> readers;
    linked_inputs inputs;
    try {
        inputs = co_await link_inputs(what);
        os::process_start start = prepare(what);
        const os::descriptor output = os::create_private_log(scratch + "/.weft/stdout");
        const os::descriptor error = os::create_private_log(scratch + "/.weft/stderr");
        start.output = output.get();
        start.error = error.get();
        if (engine::names_its_streams(what)) {
            readers.emplace(output, error, run_);
            start.output = readers->output();
            start.error = readers->error();
        }
        task.emplace(start);
        if (readers) readers->release();
        os::write_private_file(scratch + "/.weft/pid", detail::process_mark(task->id()));
    } catch (const std::exception& error) {
        result.message = error.what();
    }
    if (!task) co_return result;
    groups_[scratch] = task->id();
    co_await task->ended(loop_);
    // The group's id cannot be anyone else's while the leader's zombie is there. What is left of the group
    // gets TERM now, and KILL a little later.
    ::kill(-task->id(), SIGTERM);
    const os::process_end end = task->reap();
    groups_.erase(scratch);  // from here on the number may be another group's
    if (::kill(-task->id(), 0) == 0) {
        search_for_processes look = [group = task->id()] { return os::processes_in_group(group); };
        std::function<bool(pid_t)> is_meant = [group = task->id()](pid_t one) {
            return os::is_left_of_group(one, group);
        };
        co_await end_found(std::move(look), std::move(is_meant));
    }
    result.how = end.signalled ? engine::outcome::kind::signalled : engine::outcome::kind::exited;
    result.code = end.code;
    if (readers) {
        const bool whole = co_await drain(*std::move(readers));
        if (!whole && result.ok()) result.code = 1;
    }
    try {
        const int code = end.signalled ? 128 + result.code : result.code;
        os::write_private_file(scratch + "/.weft/exit", std::to_string(code) + '\n');
    } catch (const std::exception&) {
        // The task removed its own scratch; how it ended is known all the same.
    }
    co_await find_altered(what, inputs, result);
    co_return result;
}

/// Whether all that a task wrote is in its files; what processes write that left its group still goes there.
WEFT_INLINE os::async<bool> machine::drain(stream_readers readers) {
    bool ended = false;
    std::function<void()> work = [&] { ended = readers.wait(); };
    co_await loop_.blocking(std::move(work));
    if (ended) co_return readers.reap();
    lingering_.push_back(std::move(readers));
    co_return true;
}

/// How a child of another process ended is told to nobody else, so what is left of the attempt is ended, and
/// the next attempt runs: a task here does not outlive its engine for long.
WEFT_INLINE os::async<engine::outcome> machine::attach(const engine::attempt& what) {
    const std::string mark = "WEFT_RUN=" + run_;
    search_for_processes look = [mark, scratch = what.scratch, task = "WEFT_TASK=" + what.task] {
        std::vector<pid_t> left = detail::group_of(scratch);
        for (const pid_t one : os::processes_with(mark))
            if (os::environment_has(one, task) && std::count(left.begin(), left.end(), one) == 0)
                left.push_back(one);
        return left;
    };
    std::function<bool(pid_t)> is_meant = [mark, scratch = what.scratch](pid_t one) {
        const std::vector<pid_t> group = detail::group_of(scratch);
        return std::count(group.begin(), group.end(), one) != 0 || os::environment_has(one, mark);
    };
    const bool ran = co_await end_found(std::move(look), std::move(is_meant));
    engine::outcome result;
    result.how = engine::outcome::kind::never_began;
    result.message = ran ? "it still ran here and was ended" : "it ended unseen";
    co_return result;
}

WEFT_INLINE void machine::stop(const std::string& scratch, engine::stop_signal how) {
    if (const auto running = groups_.find(scratch); running != groups_.end())
        ::kill(-running->second, how == engine::stop_signal::kill ? SIGKILL : SIGTERM);
    if (const auto running = calls_.find(scratch); running != calls_.end()) running->second.request_stop();
}

WEFT_INLINE os::async<void> machine::close() {
    const std::string mark = "WEFT_RUN=" + run_;
    search_for_processes look = [mark] { return os::processes_with(mark); };
    std::function<bool(pid_t)> is_meant = [mark](pid_t one) { return os::environment_has(one, mark); };
    co_await end_found(std::move(look), std::move(is_meant));
    lingering_.clear();
}

}  // namespace weft::local
