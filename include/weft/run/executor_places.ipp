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
        at.state = place::condition::open;
        if (!at.name.empty()) listener_.host_opened(at.name, clock_.now() - start);
    } catch (const place_error& error) {
        at.state = place::condition::failed;
        if (stops_ == 0) listener_.host_failed(at.name, error.what());
    }
    const bool hope = std::any_of(places_.begin(), places_.end(), [&](const place& other) {
        return other.host == at.host && other.state != place::condition::failed;
    });
    if (!hope)
        give_up(at.host,
                at.name.empty() ? "this machine is not usable" : "host " + at.name + " is not usable");
    dispatch();
}

WEFT_INLINE void executor::give_up(plan::index host, const std::string& reason) {
    for (const plan::index task : plan_.order)
        if (plan_.tasks[task].host == host && !tasks_[task].settled) fail(task, reason);
}

WEFT_INLINE void executor::dispatch() {
    if (dispatching_) return;  // a task that ends at once comes back here; the loop below goes on with it
    dispatching_ = true;
    for (bool progress = true; progress;) {
        progress = false;
        for (ready_queue& queue : ready_) {
            while (!queue.empty()) {
                const plan::index task = plan_.order[queue.top()];
                if (!tasks_[task].settled) {
                    place* at = choose(task);
                    if (at == nullptr) break;
                    tasks_[task].at = at;
                    tasks_[task].alive = true;
                    at->used += slots_of(task, *at);
                }
                queue.pop();
                if (tasks_[task].settled) continue;
                begin(live(task));
                progress = true;
            }
        }
    }
    dispatching_ = false;
}

/// The machine of the task's host with a free slot that has most of its inputs, and of those the one that is
/// least used; none when all are busy.
WEFT_INLINE place* executor::choose(plan::index task) {
    place* best = nullptr;
    std::size_t best_inputs = 0;
    for (place& at : places_) {
        if (at.host != plan_.tasks[task].host || at.state != place::condition::open) continue;
        if (at.used + slots_of(task, at) > at.slots) continue;
        std::size_t inputs = 0;
        for (const plan::reference& reference : plan::rows(plan_.references, plan_.tasks[task].references))
            inputs += sources_[reference.producer].at == &at;
        const bool better = best == nullptr || inputs > best_inputs ||
                            (inputs == best_inputs && at.slots - at.used > best->slots - best->used);
        if (better) {
            best = &at;
            best_inputs = inputs;
        }
    }
    return best;
}

/// A task that wants more than its place has runs there alone.
WEFT_INLINE unsigned executor::slots_of(plan::index task, const place& at) const {
    return std::min(plan_.policies[task].cpus, at.slots);
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
