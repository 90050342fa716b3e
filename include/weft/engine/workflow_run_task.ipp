// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/command.hpp>
#include <weft/engine/workflow_run.hpp>
#include <weft/engine/workflow_run_outputs.ipp>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <filesystem>
#include <utility>

namespace weft::engine {

namespace detail {

/// The text for a signal that weft did not send.
WEFT_INLINE std::string killed_by(int signal) {
    const char* const name = ::sigabbrev_np(signal);
    std::string text = "killed by " + (name ? "SIG" + std::string(name) : "signal " + std::to_string(signal));
    if (signal == SIGKILL) text += ", not by weft: the kernel does this when memory runs out";
    return text;
}

}  // namespace detail

WEFT_INLINE os::async<void> workflow_run::run_task(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    std::string trouble;
    bool finished = false;
    try {
        found_paths found = co_await attempt_once(task);
        finished = true;
        trouble = co_await collect_outputs(task, std::move(found));
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    me.started = false;
    me.timer.reset();
    if (finished && !trouble.empty()) trouble = detail::not_collected_text(trouble);
    if (!trouble.empty()) {
        trouble = settings_.hidden.masked(std::move(trouble));
        trouble += co_await diagnose(task);
    }
    note_lost_places();  // the place of a retry may be lost
    me.alive = false;
    scheduler_.release(task);
    if (me.settled) co_return;  // the run ended without it

    if (trouble.empty()) {
        sources_[task] = {me.at, row.scratch};
        record_end(task, task_state::finished);
        settle(task, task_state::finished);
        release_inputs(task);
    } else if (stops_ > 0 || (unrecorded_ && !me.ran)) {
        row.reason = "cancelled";
        record_end(task, task_state::cancelled);
        settle(task, task_state::cancelled);
    } else if (me.never_started) {
        restart(task, std::move(trouble));
    } else if (!unrecorded_ && may_retry(task) && why_unschedulable(task).empty()) {
        row.reason = std::move(trouble);
        record_end(task, task_state::waiting);
        retry_later(task);
    } else {
        row.reason = trouble;
        record_end(task, task_state::failed);
        fail(task, std::move(trouble));
    }
    dispatch();
}

WEFT_INLINE os::async<workflow_run::found_paths> workflow_run::attempt_once(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    outcome ended;
    if (me.decision == resume_decision::attached)
        ended = co_await attach(task);
    else
        ended = co_await start(task);
    me.started = false;
    me.timer.reset();
    row.elapsed = clock_.now() - me.started_at;
    me.never_started = ended.how == outcome::kind::never_began && ++me.restart_count < 4;
    if (ended.how == outcome::kind::exited) row.exit_code = ended.code;
    if (ended.how == outcome::kind::signalled) row.signal = ended.code;
    throw_if_failed(task, ended);
    co_await check_outputs(task, ended.missing);
    found_paths found = co_await find_collected(task);
    if (plan_.tasks[task].action == plan::action_kind::function) co_await forget_empty_scratch(task);
    co_await seal(task);
    co_return found;
}

/// Runs a new attempt, from stage-in to its end.
WEFT_INLINE os::async<outcome> workflow_run::start(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    const plan::task& what = plan_.tasks[task];
    place& at = *me.at;

    ++row.attempts;
    me.ran = false;
    me.seal.clear();
    row.host = at.name;
    row.exit_code = -1;
    row.signal = 0;
    row.reason.clear();
    row.stderr_tail.clear();
    me.timed_out = false;
    const std::string scratch = scratch_of(task, row.attempts);
    if (what.references.count + what.inputs.count != 0) enter(task, task_state::staging);
    fingerprint made_of;
    if (settings_.record != nullptr)
        made_of = co_await settings_.record->identify(task, at, report_, settings_.calls);
    staged_inputs staged = co_await staging_.stage_in(task, at, scratch, sources_, staging_stop_.get_token());
    if (stops_ > 0) throw place_error("cancelled");

    const auto made = std::make_shared<attempt>();
    attempt& next = *made;
    next.task = row.name;
    next.number = row.attempts;
    next.scratch = scratch;
    next.run = settings_.run;
    next.action = what.action;
    if (what.action == plan::action_kind::function) {
        call_function(task, std::move(staged.paths), next);
    } else {
        command ready = expand(plan_, what, settings_.parameters, staged.paths, settings_.calls);
        next.script = std::move(ready.script);
        next.arguments = std::move(ready.arguments);
    }
    settings_.hidden.give(plan_, what, next);
    next.links = std::move(staged.links);
    next.writable_inputs = plan_.policies[task].writable_inputs;
    for (const std::string_view path : plan::rows(plan_.paths, what.outputs)) next.outputs.emplace_back(path);

    row.scratch = next.needs_scratch ? scratch : "";
    me.scratches.push_back({row.attempts, &at, scratch});
    if (settings_.record != nullptr) {  // journaled before it starts
        co_await record_begin(task, made_of);
        if (stops_ > 0) throw place_error("cancelled");
    }
    row.scratch_kept = next.needs_scratch;
    expect_end(task);
    outcome ended = co_await end_of(task, made, resume_decision::runs);
    check_inputs(task, next, ended);
    if (!next.needs_scratch && std::filesystem::exists(scratch)) {  // the function asked for it
        row.scratch = scratch;
        row.scratch_kept = true;
    }
    co_return ended;
}

/// Fails an attempt that altered its inputs, or whose inputs another task altered, whatever its exit code.
WEFT_INLINE void workflow_run::check_inputs(plan::index task, const attempt& what, outcome& ended) {
    std::string trouble = staging_.check_inputs(what, ended);
    if (trouble.empty()) return;
    if (ended.how == outcome::kind::exited) report_.tasks[task].exit_code = ended.code;
    if (ended.how == outcome::kind::exited && ended.code != 0)
        trouble = "exit code " + std::to_string(ended.code) + ", and " + trouble;
    ended.how = outcome::kind::not_started;
    ended.message = std::move(trouble);
}

WEFT_INLINE void workflow_run::expect_end(plan::index task) {
    enter(task, task_state::running);
    tasks_[task].started = tasks_[task].ran = true;
    tasks_[task].started_at = clock_.now();
    limit_time(task);
}

/// A function gets a scratch directory if it has files, or on demand.
WEFT_INLINE void workflow_run::call_function(plan::index task, std::vector<std::vector<std::string>> files,
                                             attempt& next) {
    const plan::task& what = plan_.tasks[task];
    const plan::index paths =
        what.references.count + what.inputs.count + what.outputs.count + what.collected.count;
    next.needs_scratch = paths != 0 || tasks_[task].consumers != 0;
    next.function = [calls = settings_.calls, task, given = std::move(files), scratch = next.scratch,
                     log = settings_.log](const std::stop_token& stop) {
        function_call with{given, {}, stop, log};
        with.scratch = [&scratch]() -> const std::string& {
            std::filesystem::create_directories(scratch);
            std::filesystem::permissions(scratch, std::filesystem::perms::owner_all);
            return scratch;
        };
        calls->call(task, with);
    };
}

/// Most functions leave no files: remove an empty scratch directory and omit it from the report.
WEFT_INLINE os::async<void> workflow_run::forget_empty_scratch(plan::index task) {
    task_report& row = report_.tasks[task];
    const bool kept = tasks_[task].consumers != 0 || settings_.keep || plan_.policies[task].keep;
    if (row.scratch.empty() || kept) co_return;
    for (const auto& entry : std::filesystem::directory_iterator(row.scratch))
        if (entry.path().filename() != ".weft") co_return;
    co_await places_.front().contents->remove(row.scratch);
    row.scratch.clear();
    row.scratch_kept = false;
}

/// A function whose argument was moved into it cannot be called again.
WEFT_INLINE bool workflow_run::may_retry(plan::index task) const {
    const bool consumed =
        plan_.tasks[task].action == plan::action_kind::function && settings_.calls->consumes(task);
    return report_.tasks[task].attempts - tasks_[task].past_attempts < plan_.policies[task].attempts &&
           !consumed;
}

WEFT_INLINE void workflow_run::throw_if_failed(plan::index task, const outcome& ended) const {
    if (tasks_[task].timed_out) {
        const auto limit = std::chrono::duration<double>(plan_.policies[task].time_limit).count();
        std::string seconds = std::to_string(limit);
        seconds.erase(seconds.find_last_not_of('0') + 1);
        if (seconds.back() == '.') seconds.pop_back();
        throw place_error("timed out after " + seconds + " s" +
                          (ended.how == outcome::kind::lost ? "; " + ended.message : ""));
    }
    switch (ended.how) {
        case outcome::kind::exited: {
            if (ended.code == 0) return;
            std::string text = "exit code " + std::to_string(ended.code);
            // A shell reports a killed command this way; `exit 137` looks the same.
            if (plan_.tasks[task].action == plan::action_kind::shell && ended.code > 128 &&
                ::sigabbrev_np(ended.code - 128) != nullptr)
                text += ", a command was " + detail::killed_by(ended.code - 128);
            // `sort | head`: with pipefail this fails the pipeline.
            if (plan_.tasks[task].action == plan::action_kind::shell && ended.code == 128 + SIGPIPE)
                text += ": its reader in a pipeline ended first, as `head` does";
            throw place_error(text);
        }
        case outcome::kind::signalled:
            throw place_error(detail::killed_by(ended.code));
        case outcome::kind::threw:
        case outcome::kind::not_started:
        case outcome::kind::never_began:
        case outcome::kind::lost:
            break;
    }
    throw place_error(ended.message.empty() ? "it did not start" : ended.message);
}

/// After a failure: reads the end of stderr into the report. Returns a likely cause, or "".
WEFT_INLINE os::async<std::string> workflow_run::diagnose(plan::index task) {
    task_report& row = report_.tasks[task];
    const place& at = *tasks_[task].at;
    if (row.scratch.empty() || at.state != place::condition::open) co_return std::string();
    bool full = false;
    try {
        std::string file = row.scratch + "/.weft/stderr";
        std::string said = co_await at.contents->tail(std::move(file), 4096);
        row.stderr_tail = settings_.hidden.masked(std::move(said));
        // On a full disk, the task's own error message may be lost too.
        if (row.stderr_tail.empty()) full = co_await at.contents->is_full(row.scratch);
    } catch (const std::exception&) {
        // The failure is reported without its stderr.
    }
    co_return full ? "; the disk of its scratch is full" : "";
}

WEFT_INLINE void workflow_run::limit_time(plan::index task) {
    const auto limit = plan_.policies[task].time_limit;
    if (limit.count() == 0) return;
    tasks_[task].timer = clock_.after(limit, [this, task] {
        tasks_[task].timed_out = true;
        end_attempt(task, stop_signal::terminate);
    });
}

WEFT_INLINE void workflow_run::retry_later(plan::index task) {
    task_report& row = report_.tasks[task];
    // Exponential backoff with 50 % jitter: tasks that failed together do not retry together.
    const double doublings =
        static_cast<double>(1ull << std::min(row.attempts - tasks_[task].past_attempts - 1, 20u));
    const double spread = std::uniform_real_distribution<>(0.5, 1.0)(jitter_);
    const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(
        plan_.policies[task].retry_delay * (doublings * spread));
    listener_.task_retried(row, delay);
    enter(task, task_state::waiting);
    tasks_[task].timer = clock_.after(delay, [this, task] {
        in_turn([this, task] {
            tasks_[task].timer.reset();
            become_ready(task);
            dispatch();
        });
    });
}

}  // namespace weft::engine
