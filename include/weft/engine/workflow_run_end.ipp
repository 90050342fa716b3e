// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>

#include <exception>
#include <functional>
#include <string>
#include <utility>

// That every run ends, whatever its places do. What the workflow_run waits for is counted in `working_`; a
// task that is neither settled nor worked on waits for a predecessor, a machine, or the alarm of its retry.
// When nothing is under way and no alarm is set, nothing can happen any more. What is under way ends because
// each wait has an end of its own: a backend answers or loses its connection within its deadline, and a
// command that was killed and has no end is given up.

namespace weft::engine {

namespace detail {

WEFT_INLINE std::string what_went_wrong() {
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

/// Runs an attempt, or waits for one of an earlier session, and passes its end on, unless nobody waits for it
/// any more.
WEFT_INLINE os::async<void> carry_out(backend& at, std::shared_ptr<const attempt> what, bool anew,
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

WEFT_INLINE os::async<void> carry_out_close(backend& at, std::shared_ptr<os::completion<bool>> closed) {
    co_await at.close();
    if (!closed->is_set()) closed->set(true);
}

/// What becomes of an attempt that was killed, and whose place says nothing.
WEFT_INLINE outcome unreported(const place& at, const std::string& scratch) {
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
    // A host that is still being opened is not waited for; one whose connection was lost as long as tasks
    // are.
    for (place& at : places_)
        if (stops_ > 1 || at.state == place::condition::opening) at.tasks->interrupt();
    if (stops_ == 1)
        patience_ = clock_.after(how_.grace, [this] {
            for (place& at : places_) at.tasks->interrupt();
        });
}

/// Ends a running attempt: TERM, KILL after the grace, and when its place does not report an end after that
/// either, the attempt is lost.
WEFT_INLINE void workflow_run::end_attempt(plan::index task, stop_signal how) {
    task_run& me = tasks_[task];
    const std::string scratch = scratch_of(task, report_.tasks[task].attempts);
    if (how == stop_signal::terminate)
        me.timer = clock_.after(how_.grace, [this, task] {
            if (tasks_[task].started) end_attempt(task, stop_signal::kill);
        });
    else
        me.timer = clock_.after(me.at->patience, [this, task, scratch] { give_up(task, scratch); });
    me.at->tasks->stop(scratch, how);
}

/// Goes on without the end of a command. A function is waited for: it runs in this process and uses what the
/// run holds.
WEFT_INLINE void workflow_run::give_up(plan::index task, const std::string& scratch) {
    const std::shared_ptr<os::completion<outcome>> ending = tasks_[task].ending;
    if (!ending || ending->is_set() || plan_.tasks[task].action == plan::action_kind::function) return;
    outcome lost = detail::unreported(*tasks_[task].at, scratch);
    if (stops_ > 0) listener_.note(report_.tasks[task].name + ": " + lost.message);
    in_turn([&] { ending->set(std::move(lost)); });
}

/// What the place says of the end of an attempt, or that it is lost. The place may answer later, or never:
/// what it works with is not this coroutine's.
WEFT_INLINE os::async<outcome> workflow_run::end_of(plan::index task, std::shared_ptr<const attempt> what,
                                                    course how) {
    const auto ending = std::make_shared<os::completion<outcome>>();
    tasks_[task].ending = ending;
    os::spawn(detail::carry_out(*tasks_[task].at->tasks, std::move(what), how == course::runs, ending));
    outcome ended = co_await *ending;
    tasks_[task].ending.reset();
    co_return ended;
}

/// A process that even KILL does not end, for instance one that waits for a disk, is left behind. A host may
/// be away at first, and then has to be asked.
WEFT_INLINE os::async<void> workflow_run::close(place& at) {
    const auto longest = 2 * at.patience;
    const auto closed = std::make_shared<os::completion<bool>>();
    const auto patience = clock_.after(longest, [closed] {
        if (!closed->is_set()) closed->set(false);
    });
    os::spawn(detail::carry_out_close(*at.tasks, closed));
    if (!co_await *closed)
        listener_.note((at.name.empty() ? "this machine" : "host " + at.name) +
                       ": what is left of the run there has not ended within " + detail::seconds_of(longest));
}

WEFT_INLINE void workflow_run::begin(os::async<void> work, plan::index task) {
    ++working_;
    os::spawn(keep_count(std::move(work), task));
}

/// `task` is what `work` works on, if it does: it must be settled, or wait for something, when that has
/// ended.
WEFT_INLINE os::async<void> workflow_run::keep_count(os::async<void> work, plan::index task) {
    std::string trouble;
    try {
        co_await std::move(work);
    } catch (...) {
        trouble = detail::what_went_wrong();
    }
    if (!trouble.empty() && task == plan::none) listener_.note(trouble);
    if (!trouble.empty() && task != plan::none) fail_broken(task, std::move(trouble));
    --working_;
    look_for_end();
}

/// A task whose coroutine ended by an exception that nothing there expected.
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

/// What an alarm or a caller has the workflow_run do. The run does not end inside it.
WEFT_INLINE void workflow_run::in_turn(const std::function<void()>& action) {
    ++working_;
    action();
    --working_;
    look_for_end();
}

/// Ends the run when nothing is under way. A task that waits for nothing then is a mistake of the engine:
/// the run says so and does not wait for ever.
WEFT_INLINE void workflow_run::look_for_end() {
    if (!waiting_ || working_ != 0 || done_.is_set()) return;
    if (unsettled_ != 0) {
        for (const task_run& one : tasks_)
            if (!one.settled && one.timer) return;  // a retry is to come
        fail_all("nothing can start it any more");
    }
    done_.set(true);
}

WEFT_INLINE void workflow_run::strand() {
    if (!waiting_ || done_.is_set()) return;
    fail_all("nothing that it waits for can happen any more");
    done_.set(true);
}

WEFT_INLINE void workflow_run::fail_all(const std::string& why) {
    for (plan::index task = 0; task < tasks_.size(); ++task)
        if (!tasks_[task].settled) fail(task, why + ": this is a mistake of weft, please report it");
}

}  // namespace weft::engine
