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

/// The time between TERM and KILL for processes that a task left running.
inline constexpr std::chrono::milliseconds leftover_grace{500};

WEFT_INLINE bool has_bash() {
    return ::access("/bin/bash", X_OK) == 0 || ::access("/usr/bin/bash", X_OK) == 0;
}

/// The command shell of this machine, with pipefail where a shell supports it.
WEFT_INLINE std::vector<std::string> command_shell() {
    if (has_bash()) return {"bash", "-euo", "pipefail"};
    os::process_start test;
    test.arguments = {"sh", "-c", "set -o pipefail"};
    test.environment = os::environment_with({});
    os::process shell(test);
    if (shell.reap().code == 0) return {"sh", "-euo", "pipefail"};
    return {"sh", "-eu"};
}

/// The contents of `.weft/pid`: process id and start time, which together are unique.
WEFT_INLINE std::string process_mark(pid_t id) {
    return std::to_string(id) + ' ' + os::process_start_time(id) + '\n';
}

/// The processes of an attempt's group, if the leader's id has not been reused.
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
        throw engine::place_error(std::string("this machine has no shell for commands: ") + error.what());
    }
    const bool whole = shell_.back() == "pipefail";
    has.shell = shell_.front() == "bash" ? "bash" : whole ? engine::shell_with_pipefail : engine::plain_shell;
    co_return has;
}

/// Writes the files in `.weft` into a scratch directory that already has the inputs.
WEFT_INLINE os::process_start machine::prepare(const engine::attempt& attempt) const {
    const std::string private_files = attempt.scratch + "/.weft";
    auto environment = attempt.environment;
    environment.emplace_back("WEFT_RUN", run_);
    environment.emplace_back("WEFT_TASK", attempt.task);
    environment.emplace_back("WEFT_ATTEMPT", std::to_string(attempt.number));
    std::string exports;
    for (const auto& [name, value] : environment)
        exports += "export " + name + '=' + text::quote(value) + '\n';
    // Secrets are written to no file: users who run the command by hand set them.
    for (const auto& [name, value] : attempt.secrets) {
        exports += "# " + name + " is a secret\n";
        environment.emplace_back(name, value);
    }
    os::write_private_file(private_files + "/environment", exports);

    os::process_start start;
    if (attempt.action == plan::action_kind::function) return start;
    start.directory = attempt.scratch;
    start.own_session = true;
    start.environment = os::environment_with(environment, attempt.withheld);
    if (attempt.action == plan::action_kind::shell) {
        os::write_private_file(private_files + "/command", attempt.script + '\n');
        start.arguments = shell_;
        start.arguments.emplace_back(".weft/command");
    } else {
        std::string command = "exec";
        for (const std::string& argument : attempt.arguments) command += ' ' + text::quote(argument);
        os::write_private_file(private_files + "/command", command + '\n');
        start.arguments = attempt.arguments;
    }
    return start;
}

/// A function cannot be killed: it is asked to stop, and its end is awaited.
WEFT_INLINE os::async<engine::outcome> machine::call(const engine::attempt& attempt) {
    engine::outcome result;
    const std::string scratch = attempt.scratch;
    std::function<void()> work;
    linked_inputs inputs;
    try {
        if (attempt.needs_scratch) {
            inputs = co_await link_inputs(attempt);
            prepare(attempt);
        }
        work = [call = attempt.function, stop = calls_[scratch].get_token()] { call(stop); };
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
    co_await find_altered(attempt, inputs, result);
    co_return result;
}

/// Ends the processes that `search` finds and `is_meant` confirms; returns whether it found any. The search
/// reads all of /proc, so it runs on a helper thread. (Callers name the two functions, because GCC 12
/// destroys temporaries in a co_await expression twice.)
WEFT_INLINE os::async<bool> machine::end_found(search_for_processes search,
                                               std::function<bool(pid_t)> is_meant) {
    std::vector<pid_t> found;
    std::function<void()> work = [&] { found = search(); };
    co_await loop_.blocking(std::move(work));
    const bool any = !found.empty();
    co_await os::end_processes(loop_, std::move(found), detail::leftover_grace, std::move(is_meant));
    co_return any;
}

WEFT_INLINE os::async<engine::outcome> machine::run(const engine::attempt& attempt) {
    if (attempt.action == plan::action_kind::function) co_return co_await call(attempt);
    engine::outcome result;
    const std::string scratch = attempt.scratch;
    std::optional<os::process> task;
    std::optional<stream_readers> readers;
    linked_inputs inputs;
    try {
        inputs = co_await link_inputs(attempt);
        os::process_start start = prepare(attempt);
        const os::descriptor output = os::create_private_log(scratch + "/.weft/stdout");
        const os::descriptor error = os::create_private_log(scratch + "/.weft/stderr");
        start.output = output.get();
        start.error = error.get();
        if (engine::names_its_streams(attempt)) {
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
    // The group's id is not reused while its leader is a zombie. The rest of the group gets TERM now and KILL
    // after the grace period.
    ::kill(-task->id(), SIGTERM);
    const os::process_end end = task->reap();
    groups_.erase(scratch);  // from here on the id may be reused
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
        // The task removed its own scratch; its exit code is known anyway.
    }
    co_await find_altered(attempt, inputs, result);
    co_return result;
}

/// Waits until the task's output is in its files; output of processes that left its group still follows.
WEFT_INLINE os::async<bool> machine::drain(stream_readers readers) {
    bool ended = false;
    std::function<void()> work = [&] { ended = readers.wait(); };
    co_await loop_.blocking(std::move(work));
    if (ended) co_return readers.reap();
    lingering_.push_back(std::move(readers));
    co_return true;
}

/// The exit code of another process's child cannot be collected, so the rest of the attempt is killed and the
/// next attempt runs: a task on this machine does not outlive its engine for long.
WEFT_INLINE os::async<engine::outcome> machine::attach(const engine::attempt& attempt) {
    const std::string mark = "WEFT_RUN=" + run_;
    search_for_processes look = [mark, scratch = attempt.scratch, task = "WEFT_TASK=" + attempt.task] {
        std::vector<pid_t> left = detail::group_of(scratch);
        for (const pid_t one : os::processes_with(mark))
            if (os::environment_has(one, task) && std::count(left.begin(), left.end(), one) == 0)
                left.push_back(one);
        return left;
    };
    std::function<bool(pid_t)> is_meant = [mark, scratch = attempt.scratch](pid_t one) {
        const std::vector<pid_t> group = detail::group_of(scratch);
        return std::count(group.begin(), group.end(), one) != 0 || os::environment_has(one, mark);
    };
    const bool ran = co_await end_found(std::move(look), std::move(is_meant));
    engine::outcome result;
    result.how = engine::outcome::kind::never_began;
    result.message = ran ? "it was still running and was killed" : "its exit code was not recorded";
    co_return result;
}

WEFT_INLINE void machine::stop(const std::string& scratch, engine::stop_signal signal) {
    if (const auto running = groups_.find(scratch); running != groups_.end())
        ::kill(-running->second, signal == engine::stop_signal::kill ? SIGKILL : SIGTERM);
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
