// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>

#include <exception>
#include <string>
#include <utility>

namespace weft::engine {

namespace detail {

/// So many tasks are written down ahead of their start.
inline constexpr std::size_t foreseen_at_once = 32;

}  // namespace detail

/// Writes down that the attempt begins. The disk is waited for, and with this line go those of the tasks
/// whose turn is next: they will not have to wait.
WEFT_INLINE os::async<void> workflow_run::record_begin(plan::index task, const fingerprint& made_of) {
    task_run& me = tasks_[task];
    const task_report& row = report_.tasks[task];
    how_.record->begins(row, *me.at, made_of);
    me.begun = true;
    const bool foreseen = me.foreseen == row.attempts;
    std::vector<plan::index> next;
    if (!foreseen) next = foresee(task);
    co_await make_durable(foreseen);
    for (const plan::index one : next) tasks_[one].foreseen = tasks_[one].foretold;
}

WEFT_INLINE std::vector<plan::index> workflow_run::foresee(plan::index task) {
    const plan::index host = plan_.tasks[task].host;
    place* const at = host == plan::none ? &places_.front() : only_machines_[host];
    if (at == nullptr) return {};
    std::vector<plan::index> next = scheduler_.following(task, detail::foreseen_at_once);
    std::erase_if(
        next, [this](plan::index one) { return tasks_[one].foretold == report_.tasks[one].attempts + 1; });
    for (const plan::index one : next) {
        task_report row;
        row.name = report_.tasks[one].name;
        row.attempts = tasks_[one].foretold = report_.tasks[one].attempts + 1;
        row.scratch = scratch_of(one, row.attempts, *at);
        how_.record->foresees(row, *at);
    }
    return next;
}

/// Waits until what was recorded is on disk. When it cannot be, nothing is started any more, since nobody
/// would know of it later; what runs already goes on to its end.
WEFT_INLINE os::async<void> workflow_run::make_durable(bool foreseen) {
    std::string trouble;
    try {
        if (foreseen)
            how_.record->write();
        else
            co_await how_.record->durable();
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (trouble.empty()) co_return;
    if (!unrecorded_) {
        unrecorded_ = true;
        listener_.note(trouble + ": nothing is started any more, what runs goes on to its end");
        staging_stop_.request_stop();
        for (plan::index task = 0; task < tasks_.size(); ++task)
            if (!tasks_[task].settled && !tasks_[task].alive) {
                report_.tasks[task].reason = "the journal cannot be written";
                settle(task, task_state::cancelled);
            }
    }
    throw place_error(trouble);
}

/// Of an attempt that finished: what a later session will need to see whether its files are as it left them.
WEFT_INLINE os::async<void> workflow_run::seal(plan::index task) {
    task_run& me = tasks_[task];
    std::string scratch = report_.tasks[task].scratch;
    if (how_.record == nullptr || scratch.empty()) co_return;
    try {
        me.seal = co_await me.at->contents->seal(std::move(scratch));
    } catch (const place_error&) {
        me.seal = unknown_digest;  // then it does not count as intact
    }
}

WEFT_INLINE void workflow_run::record_end(plan::index task, task_state state, bool collects) {
    task_run& me = tasks_[task];
    if (how_.record == nullptr || !std::exchange(me.begun, false)) return;
    how_.record->ends(report_.tasks[task], state, collects, me.seal);
    me.told = state != task_state::waiting;
}

/// Collects what a finished task left. That it has finished is recorded first: when its outputs cannot be
/// brought home (no room, no connection), a later session does that alone. Returns why not.
WEFT_INLINE os::async<std::string> workflow_run::bring_home(plan::index task, found_paths found) {
    task_run& me = tasks_[task];
    if (plan_.tasks[task].collected.count == 0) co_return std::string();
    const bool recorded = me.begun;
    record_end(task, task_state::finished, true);
    std::string trouble;
    try {
        co_await collect(task, std::move(found));
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (trouble.empty() && how_.record != nullptr) how_.record->collected(report_.tasks[task]);
    if (!trouble.empty() && recorded) {
        me.told = false;
        me.begun = stops_ == 0 && !unrecorded_ && may_retry(task);  // then it has not finished after all
    }
    co_return trouble;
}

WEFT_INLINE os::async<void> workflow_run::close_record() {
    how_.record->run_ends(report_);
    try {
        co_await how_.record->durable();
    } catch (const std::exception& error) {
        listener_.note(error.what());
    }
}

/// What functions take was kept for a later session that might need their values again; there will be none.
WEFT_INLINE os::async<void> workflow_run::let_go_after_functions() {
    for (plan::index task = 0; task < tasks_.size(); ++task)
        if (std::exchange(tasks_[task].consumers, 0) != 0 && !how_.keep && !plan_.policies[task].keep)
            co_await remove_scratch(task);
}

}  // namespace weft::engine
