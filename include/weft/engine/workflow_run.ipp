// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace weft::engine {

WEFT_INLINE workflow_run::workflow_run(const plan::view& plan, settings chosen, std::vector<place> places,
                                       stager& mover, os::clock& clock, observer& listener)
    : plan_(plan),
      settings_(std::move(chosen)),
      places_(std::move(places)),
      mover_(mover),
      clock_(clock),
      listener_(listener),
      staging_(plan, mover, places_.front(), listener, settings_.session, settings_.directory),
      tasks_(plan.tasks.size()),
      sources_(plan.tasks.size()),
      scheduler_(plan, places_, sources_, settings_.weights),
      unsettled_(plan.tasks.size()) {
    report_.workflow = plan.name;
    report_.run = settings_.run;
    report_.tasks.resize(plan.tasks.size());
    only_machines_.resize(plan.hosts.size());
    std::vector<plan::index> machines(plan.hosts.size());
    for (place& at : places_)
        if (at.host != plan::none) only_machines_[at.host] = ++machines[at.host] == 1 ? &at : nullptr;
    std::vector<plan::index> last_consumer(plan.tasks.size(), plan::none);
    for (plan::index task = 0; task < plan.tasks.size(); ++task) {
        report_.tasks[task].name = plan.tasks[task].name;
        tasks_[task].unmet = plan.tasks[task].predecessors.count;
        // A consumer with several references to a producer counts once.
        for (const plan::reference& reference : plan::rows(plan.references, plan.tasks[task].references))
            if (std::exchange(last_consumer[reference.producer], task) != task)
                ++tasks_[reference.producer].consumers;
    }
}

WEFT_INLINE os::async<report> workflow_run::run() {
    const auto start = clock_.now();
    listener_.run_started(plan_.name, settings_.run);
    listener_.all_waiting(report_.tasks);
    std::vector<place*> needed;
    for (place& at : places_)
        if (at.host == plan::none || std::any_of(plan_.tasks.begin(), plan_.tasks.end(),
                                                 [&](const auto& row) { return row.host == at.host; }))
            needed.push_back(&at);
    opening_ = needed.size();
    deciding_resume_ = settings_.session > 1;
    begin(remove_old_arrivals());
    for (place* at : needed) begin(open(*at));
    if (deciding_resume_) co_await decide_resume();
    for (const plan::index task : plan_.order)
        if (plan_.tasks[task].predecessors.count == 0 && !tasks_[task].settled) become_ready(task);
    dispatch();
    waiting_ = true;
    check_for_end();
    co_await done_;
    if (settings_.record != nullptr && report_.ok()) co_await release_function_inputs();
    co_await tidy();
    for (const place* at : needed)
        if (at->host != plan::none) report_.hosts.push_back({at->name, at->trouble});
    report_.elapsed = clock_.now() - start;
    if (settings_.record != nullptr) co_await close_record();
    patience_.reset();
    listener_.run_finished(report_);
    co_return report_;  // a copy: an abandoned attempt may still write to its row
}

WEFT_INLINE void workflow_run::become_ready(plan::index task) {
    if (tasks_[task].decision == resume_decision::reused) return begin(reuse(task), task);
    if (tasks_[task].decision == resume_decision::attached) return begin(run_task(task), task);
    // A task that no machine can run would wait in the scheduler for ever.
    if (std::string reason = why_unschedulable(task); !reason.empty()) return fail(task, std::move(reason));
    enter(task, task_state::ready);
    scheduler_.add(task);
    place* const at = only_place(task);
    if (at != nullptr && report_.tasks[task].attempts == 0) at->tasks->expect(scratch_of(task, 1, *at));
}

/// The host's only machine, if the task's place is known before it is scheduled.
WEFT_INLINE place* workflow_run::only_place(plan::index task) {
    const plan::index host = plan_.tasks[task].host;
    return host == plan::none ? nullptr : only_machines_[host];
}

WEFT_INLINE void workflow_run::enter(plan::index task, task_state state) {
    report_.tasks[task].status = state;
    listener_.task_changed(report_.tasks[task], state);
}

WEFT_INLINE void workflow_run::settle(plan::index task, task_state state) {
    tasks_[task].settled = true;
    tasks_[task].timer.reset();
    scheduler_.drop(task);
    scheduler_.release(task);  // it may hold slots for an attempt of an earlier session
    enter(task, state);
    record_end(task, state);  // of an attached attempt that was not waited for yet
    if (settings_.record != nullptr && !tasks_[task].journaled && state != task_state::finished)
        settings_.record->settles(report_.tasks[task]);
    // No task needs the machines that are still connecting: stop waiting for them.
    if (--unsettled_ == 0)
        for (place& at : places_)
            if (at.state == place::condition::opening) at.tasks->interrupt();
    if (state != task_state::finished) return;
    for (const plan::index next : plan::rows(plan_.successors, plan_.tasks[task].successors))
        if (--tasks_[next].unmet == 0 && !tasks_[next].settled) become_ready(next);
}

WEFT_INLINE void workflow_run::fail(plan::index task, std::string reason) {
    report_.tasks[task].reason = std::move(reason);
    settle(task, task_state::failed);
    std::vector<plan::index> reached{task};
    while (!reached.empty()) {
        const plan::index from = reached.back();
        reached.pop_back();
        for (const plan::index next : plan::rows(plan_.successors, plan_.tasks[from].successors)) {
            if (tasks_[next].settled) continue;
            report_.tasks[next].reason = report_.tasks[task].name + " failed";
            settle(next, task_state::skipped);
            reached.push_back(next);
        }
    }
    if (settings_.fail_fast && stops_ == 0) end_run();
}

WEFT_INLINE void workflow_run::release_inputs(plan::index consumer) {
    // A later session may have to run a function again for its value: keep its inputs until the run succeeds.
    if (settings_.record != nullptr && plan_.tasks[consumer].action == plan::action_kind::function) return;
    std::vector<plan::index> producers;
    for (const plan::reference& reference : plan::rows(plan_.references, plan_.tasks[consumer].references))
        producers.push_back(reference.producer);
    std::sort(producers.begin(), producers.end());
    producers.erase(std::unique(producers.begin(), producers.end()), producers.end());
    for (const plan::index producer : producers)
        if (--tasks_[producer].consumers == 0 && !settings_.keep && !plan_.policies[producer].keep)
            begin(remove_scratch(producer));
}

WEFT_INLINE os::async<void> workflow_run::remove_scratch(plan::index task) {
    task_report& row = report_.tasks[task];
    place& at = *sources_[task].at;
    if (unrecorded_ || (tasks_[task].decision == resume_decision::reused && past_[task].removed)) co_return;
    try {
        if (settings_.record != nullptr) {
            settings_.record->removes(row);
            co_await make_durable();
        }
        // Earlier attempts may have run on other machines or in other directories.
        const std::vector<scratch_directory> all = std::exchange(tasks_[task].scratches, {});
        for (const scratch_directory& one : all) {
            if (one.at->state != place::condition::open) continue;
            co_await one.at->contents->remove(one.path);
            if (settings_.record != nullptr) settings_.record->removed(row, one.attempt);
        }
        row.scratch_kept = false;
        listener_.removed(row.name, at.show(row.scratch));
        co_await staging_.forget(task);
    } catch (const std::exception& error) {
        listener_.note(error.what());
    }
}

WEFT_INLINE std::string workflow_run::scratch_of(plan::index task, unsigned attempt) const {
    return scratch_of(task, attempt, *tasks_[task].at);
}

WEFT_INLINE std::string workflow_run::scratch_of(plan::index task, unsigned attempt, const place& at) const {
    std::string path = at.directory + '/' + report_.tasks[task].name;
    // No task name contains a tilde, so this cannot be another task's directory.
    return attempt < 2 ? path : path + '~' + std::to_string(attempt);
}

}  // namespace weft::engine
