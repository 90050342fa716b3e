// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>

#include <exception>
#include <functional>
#include <string>
#include <utility>

// Guarantees that every run ends, whatever its places do. `working_` counts pending coroutines and callbacks;
// an unsettled task without one waits for a predecessor, a machine, or its retry alarm. When nothing is
// pending and no alarm is set, no event can follow. Every pending wait is bounded: a backend answers or loses
// its connection within its deadline, and a killed attempt whose end is not reported is abandoned.

namespace weft::engine {

namespace detail {

WEFT_INLINE std::string current_exception_text() {
    try {
        throw;
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "an exception of an unknown type";
    }
}

WEFT_INLINE std::string seconds_of(std::chrono::milliseconds time) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

/// Runs an attempt, or waits for one of an earlier session, and sets `ending`, unless it is already set.
WEFT_INLINE os::async<void> run_attempt(backend& at, std::shared_ptr<const attempt> what, bool anew,
                                        std::shared_ptr<os::completion<outcome>> ending) {
    outcome said;
    std::exception_ptr error;
    try {
        if (anew)
            said = co_await at.run(*what);
        else
            said = co_await at.attach(*what);
    } catch (...) {
        error = std::current_exception();
    }
    if (ending->is_set()) co_return;
    if (error)
        ending->fail(error);
    else
        ending->set(std::move(said));
}

WEFT_INLINE os::async<void> close_backend(backend& at, std::shared_ptr<os::completion<bool>> closed) {
    co_await at.close();
    if (!closed->is_set()) closed->set(true);
}

/// The outcome of a killed attempt whose place reports no end.
WEFT_INLINE outcome lost_after_kill(const place& at, const std::string& scratch) {
    outcome lost;
    lost.how = outcome::kind::lost;
    lost.message = "no end was reported within " + detail::seconds_of(at.patience) +
                   " after KILL; the task may still run there, in " + at.show(scratch);
    return lost;
}

}  // namespace detail

WEFT_INLINE void workflow_run::stop() {
    in_turn([this] {
        report_.cancelled = true;
        end_run();
    });
}

WEFT_INLINE void workflow_run::end_run() {
    ++stops_;
    staging_stop_.request_stop();
    for (plan::index task = 0; task < tasks_.size(); ++task) {
        if (tasks_[task].started) end_attempt(task, stops_ == 1 ? stop_signal::terminate : stop_signal::kill);
        if (!tasks_[task].settled && !tasks_[task].alive) settle(task, task_state::cancelled);
    }
    // Do not wait for hosts that are still opening; wait for disconnected ones as long as for tasks.
    for (place& at : places_)
        if (stops_ > 1 || at.state == place::condition::opening) at.tasks->interrupt();
    if (stops_ == 1)
        patience_ = clock_.after(settings_.grace, [this] {
            for (place& at : places_) at.tasks->interrupt();
        });
}

/// Ends a running attempt: TERM, then KILL after the grace. If its place reports no end after that, the
/// attempt counts as lost.
WEFT_INLINE void workflow_run::end_attempt(plan::index task, stop_signal how) {
    task_run& me = tasks_[task];
    const std::string scratch = scratch_of(task, report_.tasks[task].attempts);
    if (how == stop_signal::terminate)
        me.timer = clock_.after(settings_.grace, [this, task] {
            if (tasks_[task].started) end_attempt(task, stop_signal::kill);
        });
    else
        me.timer = clock_.after(me.at->patience, [this, task, scratch] { give_up(task, scratch); });
    me.at->tasks->stop(scratch, how);
}

/// Stops waiting for a killed command. A function is always waited for: it runs in this process and uses the
/// run's data.
WEFT_INLINE void workflow_run::give_up(plan::index task, const std::string& scratch) {
    const std::shared_ptr<os::completion<outcome>> ending = tasks_[task].ending;
    if (!ending || ending->is_set() || plan_.tasks[task].action == plan::action_kind::function) return;
    outcome lost = detail::lost_after_kill(*tasks_[task].at, scratch);
    if (stops_ > 0) listener_.note(report_.tasks[task].name + ": " + lost.message);
    in_turn([&] { ending->set(std::move(lost)); });
}

/// The outcome of an attempt: as its place reports it, or lost. The place may answer late or never, so its
/// call owns its data and does not refer to this coroutine.
WEFT_INLINE os::async<outcome> workflow_run::end_of(plan::index task, std::shared_ptr<const attempt> what,
                                                    resume_decision decision) {
    const auto ending = std::make_shared<os::completion<outcome>>();
    tasks_[task].ending = ending;
    os::spawn(detail::run_attempt(*tasks_[task].at->tasks, std::move(what), decision == resume_decision::runs,
                                  ending));
    outcome ended = co_await *ending;
    tasks_[task].ending.reset();
    co_return ended;
}

/// Closes a place within a time limit: a process that survives KILL, such as one blocked on a disk, is left
/// behind. The limit allows for a host that must reconnect first.
WEFT_INLINE os::async<void> workflow_run::close(place& at) {
    const auto longest = 2 * at.patience;
    const auto closed = std::make_shared<os::completion<bool>>();
    const auto patience = clock_.after(longest, [closed] {
        if (!closed->is_set()) closed->set(false);
    });
    os::spawn(detail::close_backend(*at.tasks, closed));
    if (!co_await *closed)
        listener_.note((at.name.empty() ? "this machine" : "host " + at.name) +
                       ": processes of the run there did not end within " + detail::seconds_of(longest));
}

WEFT_INLINE void workflow_run::begin(os::async<void> work, plan::index task) {
    ++working_;
    os::spawn(count_until_done(std::move(work), task));
}

/// `task` is the task of `work`, if any: when `work` ends, it must be settled or waiting.
WEFT_INLINE os::async<void> workflow_run::count_until_done(os::async<void> work, plan::index task) {
    std::string trouble;
    try {
        co_await std::move(work);
    } catch (...) {
        trouble = detail::current_exception_text();
    }
    if (!trouble.empty() && task == plan::none) listener_.note(trouble);
    if (!trouble.empty() && task != plan::none) fail_broken(task, std::move(trouble));
    --working_;
    check_for_end();
}

/// Fails a task whose coroutine threw an unexpected exception.
WEFT_INLINE void workflow_run::fail_broken(plan::index task, std::string reason) {
    task_run& me = tasks_[task];
    me.started = me.alive = false;
    me.timer.reset();
    me.ending.reset();
    scheduler_.release(task);
    report_.tasks[task].reason = reason;
    if (!me.settled) {
        record_end(task, task_state::failed);
        fail(task, std::move(reason));
    }
    dispatch();
}

/// Performs an action of an alarm or a caller; the run does not end inside it.
WEFT_INLINE void workflow_run::in_turn(const std::function<void()>& action) {
    ++working_;
    action();
    --working_;
    check_for_end();
}

/// Ends the run when nothing is pending. A task that is still unsettled then is a defect of the engine: it
/// fails, so that the run does not hang.
WEFT_INLINE void workflow_run::check_for_end() {
    if (!waiting_ || working_ != 0 || done_.is_set()) return;
    if (unsettled_ != 0) {
        for (const task_run& one : tasks_)
            if (!one.settled && one.timer) return;  // a retry is scheduled
        fail_all("no event can start it");
    }
    done_.set(true);
}

WEFT_INLINE void workflow_run::fail_stranded() {
    if (!waiting_ || done_.is_set()) return;
    fail_all("no event can end its wait");
    done_.set(true);
}

WEFT_INLINE void workflow_run::fail_all(const std::string& why) {
    for (plan::index task = 0; task < tasks_.size(); ++task)
        if (!tasks_[task].settled) fail(task, why + ": this is a bug in weft, please report it");
}

}  // namespace weft::engine
