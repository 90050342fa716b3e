// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/command.hpp>
#include <weft/run/executor.hpp>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <filesystem>
#include <utility>

namespace weft::engine {

WEFT_INLINE os::async<void> executor::live(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    std::string trouble;
    try {
        co_await attempt_once(task);
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    me.started = false;
    me.timer.reset();
    if (!trouble.empty()) co_await examine(task);
    me.alive = false;
    me.at->used -= slots_of(task, *me.at);

    if (trouble.empty()) {
        sources_[task] = {me.at, row.scratch};
        settle(task, task_state::finished);
        let_go_of_inputs(task);
    } else if (stops_ > 0) {
        row.reason = "cancelled";
        settle(task, task_state::cancelled);
    } else if (row.attempts < plan_.policies[task].attempts) {
        row.reason = std::move(trouble);
        retry_later(task);
    } else {
        fail(task, std::move(trouble));
    }
    dispatch();
}

WEFT_INLINE os::async<void> executor::attempt_once(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    const plan::task& what = plan_.tasks[task];
    place& at = *me.at;

    ++row.attempts;
    row.host = at.name;
    row.exit_code = -1;
    row.signal = 0;
    row.reason.clear();
    row.stderr_tail.clear();
    me.timed_out = false;
    const std::string scratch = scratch_of(task, row.attempts);
    if (what.references.count + what.inputs.count != 0) enter(task, task_state::staging);
    staged_inputs staged = co_await staging_.bring(task, at, scratch, sources_, staging_stop_.get_token());
    if (stops_ > 0) throw place_error("cancelled");

    command ready = expand(plan_, what, how_.parameters, staged.paths);
    attempt next;
    next.task = row.name;
    next.number = row.attempts;
    next.scratch = scratch;
    next.run = how_.run;
    next.action = what.action;
    next.script = std::move(ready.script);
    next.arguments = std::move(ready.arguments);
    for (const plan::variable& variable : plan::rows(plan_.environment, what.environment))
        next.environment.emplace_back(variable.name, variable.value);
    next.links = std::move(staged.links);

    row.scratch = scratch;
    row.scratch_kept = true;
    enter(task, task_state::running);
    me.started = true;
    limit_time(task);
    const auto start = clock_.now();
    const outcome ended = co_await at.tasks->run(next);
    me.started = false;
    me.timer.reset();
    row.elapsed = clock_.now() - start;
    if (ended.how == outcome::kind::exited) row.exit_code = ended.code;
    if (ended.how == outcome::kind::signalled) row.signal = ended.code;
    judge(task, ended);
    co_await check_outputs(task);
    co_await collect(task);
}

WEFT_INLINE void executor::judge(plan::index task, const outcome& ended) const {
    if (tasks_[task].timed_out) {
        const auto limit = std::chrono::duration<double>(plan_.policies[task].time_limit).count();
        std::string seconds = std::to_string(limit);
        seconds.erase(seconds.find_last_not_of('0') + 1);
        if (seconds.back() == '.') seconds.pop_back();
        throw place_error("timed out after " + seconds + " s");
    }
    switch (ended.how) {
        case outcome::kind::exited:
            if (ended.code != 0) throw place_error("exit code " + std::to_string(ended.code));
            return;
        case outcome::kind::signalled: {
            const char* name = ::sigabbrev_np(ended.code);
            throw place_error("killed by " +
                              (name ? "SIG" + std::string(name) : "signal " + std::to_string(ended.code)));
        }
        case outcome::kind::not_started:
        case outcome::kind::lost:
            break;
    }
    throw place_error(ended.message);
}

WEFT_INLINE os::async<void> executor::check_outputs(plan::index task) {
    place& at = *tasks_[task].at;
    const std::string scratch = report_.tasks[task].scratch;
    for (const std::string_view promised : plan::rows(plan_.paths, plan_.tasks[task].outputs)) {
        std::string pattern(promised);
        const auto found = co_await at.contents->match(scratch, pattern, plan::is_glob(pattern));
        if (found.empty())
            throw place_error("it left no '" + pattern + "', which it promised, in " + at.show(scratch));
    }
}

WEFT_INLINE os::async<void> executor::collect(plan::index task) {
    place& at = *tasks_[task].at;
    place& here = places_.front();
    const std::string scratch = report_.tasks[task].scratch;
    const std::string name = report_.tasks[task].name;
    const std::string target = how_.results + '/' + name;
    for (const std::string_view wanted : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        std::string pattern(wanted);
        auto paths = co_await at.contents->match(scratch, pattern, plan::is_glob(pattern));
        if (paths.empty())
            throw place_error("it left no '" + pattern + "' to collect in " + at.show(scratch));
        const std::string arrived = how_.results + "/.weft-" + how_.run + '-' + name;
        co_await mover_.copy(*at.contents, scratch, paths, *here.contents, arrived,
                             staging_stop_.get_token());
        for (const std::string& path : paths) {
            const std::string final_name = target + '/' + path;
            // What an earlier run brought home is replaced; a file in one step, a directory after its
            // removal.
            if (std::filesystem::is_directory(std::filesystem::symlink_status(final_name)))
                co_await here.contents->remove(final_name);
            std::filesystem::create_directories(std::filesystem::path(final_name).parent_path());
            std::filesystem::rename(arrived + '/' + path, final_name);
            listener_.collected(name, path, final_name);
        }
        co_await here.contents->remove(arrived);
    }
}

/// After a failure: what a person needs to see of it.
WEFT_INLINE os::async<void> executor::examine(plan::index task) {
    task_report& row = report_.tasks[task];
    if (row.scratch.empty() || tasks_[task].at->state != place::condition::open) co_return;
    try {
        std::string file = row.scratch + "/.weft/stderr";
        row.stderr_tail = co_await tasks_[task].at->contents->tail(std::move(file), 4096);
    } catch (const std::exception&) {
        // The failure itself is reported; without its stderr then.
    }
}

WEFT_INLINE void executor::limit_time(plan::index task) {
    const auto limit = plan_.policies[task].time_limit;
    if (limit.count() == 0) return;
    tasks_[task].timer = clock_.after(limit, [this, task] {
        tasks_[task].timed_out = true;
        end_attempt(task, stop_signal::terminate);
    });
}

WEFT_INLINE void executor::end_attempt(plan::index task, stop_signal how) {
    task_run& me = tasks_[task];
    const std::string scratch = report_.tasks[task].scratch;
    me.at->tasks->stop(scratch, how);
    if (how == stop_signal::terminate)
        me.timer = clock_.after(how_.grace, [this, task] {
            if (tasks_[task].started) end_attempt(task, stop_signal::kill);
        });
}

WEFT_INLINE void executor::retry_later(plan::index task) {
    task_report& row = report_.tasks[task];
    // Doubling with half of it at random: tasks that failed together do not come back together.
    const double doublings = static_cast<double>(1ull << std::min(row.attempts - 1, 20u));
    const double spread = std::uniform_real_distribution<>(0.5, 1.0)(jitter_);
    const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(
        plan_.policies[task].retry_delay * (doublings * spread));
    listener_.task_retried(row, delay);
    enter(task, task_state::waiting);
    tasks_[task].timer = clock_.after(delay, [this, task] {
        become_ready(task);
        dispatch();
    });
}

}  // namespace weft::engine
