// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/executor.hpp>

#include <algorithm>
#include <functional>
#include <set>

namespace weft::engine {

WEFT_INLINE os::async<void> executor::open(place& at) {
    const auto start = clock_.now();
    try {
        const capacity has = co_await at.tasks->open();
        if (at.slots == 0) at.slots = std::max(1u, has.slots);
        if (at.memory == 0) at.memory = has.memory;
        at.shell = has.shell;
        at.state = place::condition::open;
        if (how_.record != nullptr) how_.record->opens(at);
        if (!at.name.empty()) listener_.host_opened(at.name, clock_.now() - start);
    } catch (const place_error& error) {
        at.state = place::condition::failed;
        if (unsettled_ == 0 && stops_ == 0)
            listener_.note("host " + at.name + ": not connected yet when its tasks were done elsewhere");
        else if (stops_ == 0)
            listener_.host_failed(at.name, error.what());
    }
    if (!taking_up_) review(at);
    if (--opening_ == 0) all_opened_.set(true);
    dispatch();
}

/// After a machine was opened, could not be, or was lost: fails the tasks for which there is none any more.
WEFT_INLINE void executor::review(const place& at) {
    std::size_t machines = 0;
    bool hope = false;
    for (const place& other : places_) {
        if (other.host != at.host) continue;
        ++machines;
        hope |= other.state != place::condition::failed;
    }
    if (hope) return refuse_misfits(at.host);
    const std::string name = at.host == plan::none ? "" : std::string(plan_.hosts[at.host]);
    const std::string reason = name.empty()    ? "this machine is not usable"
                               : machines == 1 ? "host " + name + " is not usable"
                                               : "none of the " + std::to_string(machines) +
                                                     " machines of host " + name + " is usable";
    for (const plan::index task : plan_.order)
        if (plan_.tasks[task].host == at.host && !tasks_[task].settled && !tasks_[task].alive &&
            tasks_[task].goes != course::reused)
            fail(task, reason);
}

/// What can never start is told at once, not when its turn comes. What is reused or runs already needs no
/// room.
WEFT_INLINE void executor::refuse_misfits(plan::index host) {
    for (const plan::index task : plan_.order) {
        const task_run& one = tasks_[task];
        if (plan_.tasks[task].host != host || one.settled || one.alive || one.goes != course::runs) continue;
        if (std::string reason = scheduler_.misfit(task); !reason.empty()) fail(task, std::move(reason));
    }
}

WEFT_INLINE void executor::dispatch() {
    if (dispatching_) return;  // a task that ends at once comes back here; the loop below goes on with it
    dispatching_ = true;
    for (place& at : places_) {
        if (at.state != place::condition::open || at.tasks->health_now() != health::lost) continue;
        at.state = place::condition::failed;
        review(at);
    }
    while (const auto next = scheduler_.next()) {
        tasks_[next->task].at = next->at;
        tasks_[next->task].alive = true;
        begin(live(next->task));
    }
    dispatching_ = false;
}

/// What may be empty in a run's directory when its tasks' are gone, innermost first: where copies were, and
/// the directories of nested workflows.
WEFT_INLINE std::vector<std::string> executor::directories_around_tasks() const {
    std::set<std::string, std::greater<>> around{"/.staged", ""};
    for (const task_report& task : report_.tasks)
        for (auto slash = task.name.find('/'); slash != task.name.npos;
             slash = task.name.find('/', slash + 1))
            around.insert('/' + task.name.substr(0, slash));
    return {around.begin(), around.end()};
}

WEFT_INLINE os::async<void> executor::tidy() {
    co_await staging_.forget_all();
    const std::vector<std::string> directories = directories_around_tasks();
    for (place& at : places_) {
        if (at.state == place::condition::open) {
            try {
                if (how_.session > 1) {  // copies that an earlier session had no time to remove
                    std::string copies = at.directory + "/.staged";
                    co_await at.contents->remove(std::move(copies));
                }
                for (const std::string& directory : directories) {
                    std::string path = at.directory + directory;
                    co_await at.contents->remove_if_empty(std::move(path));
                }
            } catch (const place_error& error) {
                listener_.note(error.what());
            }
        }
        co_await at.tasks->close();
    }
}

}  // namespace weft::engine
