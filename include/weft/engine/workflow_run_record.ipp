// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>

#include <exception>
#include <string>
#include <utility>

namespace weft::engine {

namespace detail {

/// The most tasks journaled ahead of their start at once.
inline constexpr std::size_t most_pre_journaled = 32;

}  // namespace detail

/// Journals the start of the attempt and waits for the disk. The same sync covers lines for the tasks that
/// start next, so these need not wait.
WEFT_INLINE os::async<void> workflow_run::record_begin(plan::index task, const fingerprint& made_of) {
    task_run& me = tasks_[task];
    const task_report& row = report_.tasks[task];
    settings_.record->begins(row, *me.at, made_of);
    me.begun = true;
    const bool pre_synced = me.pre_synced == row.attempts;
    std::vector<plan::index> next;
    if (!pre_synced) next = pre_journal_next(task);
    co_await make_durable(pre_synced);
    for (const plan::index one : next) tasks_[one].pre_synced = tasks_[one].pre_journaled;
}

WEFT_INLINE std::vector<plan::index> workflow_run::pre_journal_next(plan::index task) {
    const plan::index host = plan_.tasks[task].host;
    place* const at = host == plan::none ? &places_.front() : only_machines_[host];
    if (at == nullptr) return {};
    std::vector<plan::index> next = scheduler_.following(task, detail::most_pre_journaled);
    std::erase_if(next, [this](plan::index one) {
        return tasks_[one].pre_journaled == report_.tasks[one].attempts + 1;
    });
    for (const plan::index one : next) {
        task_report row;
        row.name = report_.tasks[one].name;
        row.attempts = tasks_[one].pre_journaled = report_.tasks[one].attempts + 1;
        row.scratch = scratch_of(one, row.attempts, *at);
        settings_.record->pre_journals(row, *at);
    }
    return next;
}

/// Waits until the journal is on disk. On failure no further task starts, since a later session would not
/// know of it; running tasks continue.
WEFT_INLINE os::async<void> workflow_run::make_durable(bool pre_synced) {
    std::string trouble;
    try {
        if (pre_synced)
            settings_.record->write();
        else
            co_await settings_.record->durable();
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (trouble.empty()) co_return;
    if (!unrecorded_) {
        unrecorded_ = true;
        listener_.note(trouble + ": no further task is started, running tasks continue");
        staging_stop_.request_stop();
        for (plan::index task = 0; task < tasks_.size(); ++task)
            if (!tasks_[task].settled && !tasks_[task].alive) {
                report_.tasks[task].reason = "the journal cannot be written";
                settle(task, task_state::cancelled);
            }
    }
    throw place_error(trouble);
}

/// Seals the scratch of a finished attempt, so that a later session can check whether its files are
/// unchanged.
WEFT_INLINE os::async<void> workflow_run::seal(plan::index task) {
    task_run& me = tasks_[task];
    std::string scratch = report_.tasks[task].scratch;
    if (settings_.record == nullptr || scratch.empty()) co_return;
    try {
        me.seal = co_await me.at->contents->seal(std::move(scratch));
    } catch (const place_error&) {
        me.seal = unknown_digest;  // a later session then treats it as altered
    }
}

WEFT_INLINE void workflow_run::record_end(plan::index task, task_state state, bool collects) {
    task_run& me = tasks_[task];
    if (settings_.record == nullptr || !std::exchange(me.begun, false)) return;
    settings_.record->ends(report_.tasks[task], state, collects, me.seal);
    me.journaled = state != task_state::waiting;
}

/// Collects the outputs of a finished task. Journals first that it has finished: if collecting fails (disk
/// full, no connection), a later session only repeats the collecting. Returns the error, "" on success.
WEFT_INLINE os::async<std::string> workflow_run::collect_outputs(plan::index task, found_paths found) {
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
    if (trouble.empty() && settings_.record != nullptr) settings_.record->collected(report_.tasks[task]);
    if (!trouble.empty() && recorded) {
        me.journaled = false;
        me.begun = stops_ == 0 && !unrecorded_ && may_retry(task);  // the retry runs the task again
    }
    co_return trouble;
}

WEFT_INLINE os::async<void> workflow_run::close_record() {
    settings_.record->run_ends(report_);
    try {
        co_await settings_.record->durable();
    } catch (const std::exception& error) {
        listener_.note(error.what());
    }
}

/// Removes the inputs of functions, kept in case of a later session: the run succeeded, so there is none.
WEFT_INLINE os::async<void> workflow_run::release_function_inputs() {
    for (plan::index task = 0; task < tasks_.size(); ++task)
        if (std::exchange(tasks_[task].consumers, 0) != 0 && !settings_.keep && !plan_.policies[task].keep)
            co_await remove_scratch(task);
}

}  // namespace weft::engine
