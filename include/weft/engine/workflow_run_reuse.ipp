// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>
#include <weft/engine/workflow_run_end.ipp>
#include <weft/engine/workflow_run_outputs.ipp>
#include <weft/engine/workflow_run_resume.ipp>

#include <exception>
#include <memory>
#include <string>
#include <utility>

// Carries out the decisions on attempts of earlier sessions: ends, reuses or waits for them.

namespace weft::engine {

/// Kills what is left of an abandoned attempt and removes its scratch.
WEFT_INLINE os::async<void> workflow_run::end_past_attempt(plan::index task) {
    const past_attempt& left = past_[task];
    place* const at = tasks_[task].at;
    if (left.how != past_attempt::state::begun || left.scratch.empty()) co_return;
    if (at == nullptr || at->state != place::condition::open)
        co_return listener_.note("attempt " + std::to_string(left.number) + " of " +
                                 report_.tasks[task].name + " may still run on " + left.host +
                                 ", which is unreachable, in " + left.scratch);
    past_scratch scratch{left.number, left.host, left.machine, left.scratch};
    try {
        settings_.record->abandons(report_.tasks[task], left.number);
        co_await make_durable();
        co_await kill_and_remove(task, std::move(scratch), *at);
    } catch (const std::exception& error) {
        listener_.note(error.what());
    }
}

WEFT_INLINE os::async<void> workflow_run::kill_and_remove(plan::index task, past_scratch left, place& at) {
    const auto old = std::make_shared<attempt>();
    old->task = report_.tasks[task].name;
    old->number = left.attempt;
    old->scratch = left.path;
    old->run = settings_.run;
    at.tasks->stop(left.path, stop_signal::kill);
    // Bounded like attempts of this session: its end may never be reported.
    const auto ending = std::make_shared<os::completion<outcome>>();
    const auto patience =
        clock_.after(at.patience, [this, ending, lost = detail::lost_after_kill(at, left.path)] {
            if (!ending->is_set()) in_turn([&] { ending->set(lost); });
        });
    os::spawn(detail::run_attempt(*at.tasks, old, false, ending));
    const outcome ended = co_await *ending;
    if (ended.how == outcome::kind::lost) throw place_error(old->task + ": " + ended.message);
    co_await at.contents->remove(left.path);
    settings_.record->removed(report_.tasks[task], left.attempt);
}

/// Completes removals that an earlier session journaled and did not complete.
WEFT_INLINE void workflow_run::finish_removals() {
    for (plan::index task = 0; task < tasks_.size() && stops_ == 0; ++task)
        for (const past_scratch& one : past_[task].scratches) {
            place* const at = place_of_attempt(task, one.host, one.machine);
            const bool goes_on =
                tasks_[task].decision == resume_decision::attached && one.attempt == past_[task].number;
            if (!one.removal_journaled || goes_on || at == nullptr || at->state != place::condition::open)
                continue;
            begin(finish_removal(task, one, *at));
        }
}

WEFT_INLINE os::async<void> workflow_run::finish_removal(plan::index task, past_scratch left, place& at) {
    if (left.abandoned) co_return co_await kill_and_remove(task, std::move(left), at);
    co_await at.contents->remove(left.path);
    settings_.record->removed(report_.tasks[task], left.attempt);
}

/// Collects outputs that an earlier session could not; returns the error, "" on success.
WEFT_INLINE os::async<std::string> workflow_run::collect_again(plan::index task) {
    try {
        found_paths found = co_await find_collected(task);
        co_await collect(task, std::move(found));
        settings_.record->collected(report_.tasks[task]);
        co_return std::string();
    } catch (const std::exception& error) {
        co_return detail::not_collected_text(error.what());
    }
}

/// Settles a reused task as if it had just finished.
WEFT_INLINE os::async<void> workflow_run::reuse(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    const past_attempt& left = past_[task];
    me.alive = true;
    std::string why = why_not_reusable(task);  // a predecessor's decision may have changed
    std::string trouble;
    try {
        // By now the values of functions that ran again are known.
        bool values = false;
        for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors))
            values = values ||
                     (takes_value_only(task, before) && tasks_[before].decision == resume_decision::runs);
        if (why.empty() && values) {
            const fingerprint now =
                co_await settings_.record->identify(task, *me.at, report_, settings_.calls);
            why = detail::difference(left.made_of, now);
        }
        row.host = me.at->name;
        row.scratch = left.scratch;
        row.scratch_kept = !left.removed && !left.scratch.empty();
        if (why.empty() && me.must_collect) {
            trouble = co_await collect_again(task);
        }
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    me.alive = false;
    if (me.settled) co_return;
    if (stops_ > 0 || unrecorded_) {
        settle(task, task_state::cancelled);
    } else if (!why.empty()) {
        restart(task, std::move(why));
    } else if (!trouble.empty()) {
        fail(task, std::move(trouble));  // its outputs exist, but cannot be collected
    } else {
        row.exit_code = plan_.tasks[task].action == plan::action_kind::function ? -1 : 0;
        row.elapsed = left.elapsed;
        row.reused = true;
        sources_[task] = {me.at, left.scratch};
        settle(task, task_state::finished);
        release_inputs(task);
    }
    dispatch();
}

/// Waits for an attempt that an earlier session started.
WEFT_INLINE os::async<outcome> workflow_run::attach(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    me.alive = true;
    if (std::string why = why_not_reusable(task); !why.empty()) {  // a predecessor's decision changed later
        co_await end_past_attempt(task);
        me.decision = resume_decision::runs;
        outcome ended;
        ended.how = outcome::kind::never_began;
        ended.message = std::move(why);
        co_return ended;
    }
    row.host = me.at->name;
    row.scratch = past_[task].scratch;
    row.scratch_kept = true;
    const auto old = std::make_shared<attempt>();
    old->task = row.name;
    old->number = row.attempts;
    old->scratch = row.scratch;
    old->run = settings_.run;
    expect_end(task);
    outcome ended = co_await end_of(task, old, resume_decision::attached);
    check_inputs(task, *old, ended);
    me.decision = resume_decision::runs;
    co_return ended;
}

}  // namespace weft::engine
