// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <set>

namespace weft::engine {

WEFT_INLINE os::async<void> workflow_run::open(place& at) {
    const auto start = clock_.now();
    try {
        const capacity has = co_await at.tasks->open();
        if (at.slots == 0) at.slots = std::max(1u, has.slots);
        if (at.memory == 0) at.memory = has.memory;
        at.shell = has.shell;
        at.state = place::condition::open;
        if (settings_.record != nullptr) settings_.record->opens(at);
        if (!at.name.empty()) listener_.host_opened(at.name, clock_.now() - start);
        note_plain_shell(at);
    } catch (const std::exception& error) {
        at.state = place::condition::failed;
        if (unsettled_ == 0 && stops_ == 0) {
            listener_.note("host " + at.name + ": still connecting when " +
                           (any_finished(at.host) ? "its tasks had finished on other machines"
                                                  : "no task needed it any more"));
        } else if (stops_ == 0) {
            at.trouble = error.what();
            listener_.host_failed(at.name, error.what());
        }
    }
    if (!deciding_resume_) fail_unschedulable(at);
    if (--opening_ == 0) all_opened_.set(true);
    dispatch();
}

/// Warns that pipelines behave differently there than with bash.
WEFT_INLINE void workflow_run::note_plain_shell(const place& at) {
    const bool matters = std::any_of(plan_.tasks.begin(), plan_.tasks.end(), [&](const plan::task& task) {
        return task.host == at.host && task.action == plan::action_kind::shell;
    });
    if (at.shell != plain_shell || !matters) return;
    listener_.note((at.name.empty() ? "this machine" : "host " + at.name) +
                   " has no shell with pipefail (neither bash nor a sh that supports it): there a pipeline "
                   "fails only when its last program fails");
}

WEFT_INLINE bool workflow_run::any_finished(plan::index host) const {
    for (plan::index task = 0; task < plan_.tasks.size(); ++task)
        if (plan_.tasks[task].host == host && report_.tasks[task].status == task_state::finished) return true;
    return false;
}

/// After a machine was opened, failed to open or was lost: fails the tasks that no machine can run, without
/// waiting for their turn. Reused tasks need no machine; a task with a coroutine handles the loss itself.
WEFT_INLINE void workflow_run::fail_unschedulable(const place& at) {
    for (const plan::index task : plan_.order) {
        const task_run& one = tasks_[task];
        if (plan_.tasks[task].host != at.host || one.settled || one.alive ||
            one.decision == resume_decision::reused)
            continue;
        if (std::string reason = why_unschedulable(task); !reason.empty()) fail(task, std::move(reason));
    }
}

/// Why no machine can run the task; "" while one can or may.
WEFT_INLINE std::string workflow_run::why_unschedulable(plan::index task) const {
    const plan::index host = plan_.tasks[task].host;
    const bool hope = std::any_of(places_.begin(), places_.end(), [&](const place& at) {
        return at.host == host && at.state != place::condition::failed;
    });
    if (!hope) return why_unusable(host);
    return tasks_[task].decision == resume_decision::runs ? scheduler_.why_never_fits(task) : "";
}

/// Why a host is not usable: the errors of all its machines.
WEFT_INLINE std::string workflow_run::why_unusable(plan::index host) const {
    std::size_t machines = 0;
    std::string said;
    for (const place& at : places_) {
        if (at.host != host) continue;
        ++machines;
        if (!at.trouble.empty()) said += (said.empty() ? "" : "; ") + at.trouble;
    }
    if (machines == 1 && !said.empty()) return said;
    const std::string name = host == plan::none ? "" : std::string(plan_.hosts[host]);
    const std::string all = name.empty()    ? "this machine is not usable"
                            : machines == 1 ? "host " + name + " is not usable"
                                            : "none of the " + std::to_string(machines) +
                                                  " machines of host " + name + " is usable";
    return said.empty() ? all : all + ": " + said;
}

/// Marks newly lost machines as failed; false when there are none.
WEFT_INLINE bool workflow_run::note_lost_places() {
    bool any = false;
    for (place& at : places_) {
        if (at.state != place::condition::open || at.tasks->health_now() != health::lost) continue;
        any = true;
        at.state = place::condition::failed;
        at.trouble = at.tasks->why_lost();
        fail_unschedulable(at);
    }
    return any;
}

/// Starts all tasks that can start. A start may reveal a lost machine: the tasks that wait for it must fail
/// here, because no other event may follow.
WEFT_INLINE void workflow_run::dispatch() {
    if (dispatching_) return;  // a task that ends at once re-enters here; the loop below continues with it
    dispatching_ = true;
    do {
        while (const auto next = scheduler_.next()) {
            tasks_[next->task].at = next->at;
            tasks_[next->task].alive = true;
            begin(run_task(next->task), next->task);
        }
    } while (note_lost_places());
    dispatching_ = false;
}

/// Directories of a run that may be empty after its tasks' scratch is removed, innermost first: those of
/// copies and of nested workflows.
WEFT_INLINE std::vector<std::string> workflow_run::directories_around_tasks() const {
    std::set<std::string, std::greater<>> around{"/.staged", ""};
    for (const task_report& task : report_.tasks)
        for (auto slash = task.name.find('/'); slash != task.name.npos;
             slash = task.name.find('/', slash + 1))
            around.insert('/' + task.name.substr(0, slash));
    return {around.begin(), around.end()};
}

WEFT_INLINE os::async<void> workflow_run::tidy() {
    co_await staging_.forget_all();
    const std::vector<std::string> directories = directories_around_tasks();
    for (place& at : places_) {
        if (at.state == place::condition::open) {
            try {
                if (settings_.session > 1) {  // copies that an interrupted session did not remove
                    std::string copies = at.directory + "/.staged";
                    co_await at.contents->remove(std::move(copies));
                }
                for (const std::string& directory : directories) {
                    std::string path = at.directory + directory;
                    co_await at.contents->remove_if_empty(std::move(path));
                }
            } catch (const std::exception& error) {
                listener_.note(error.what());
            }
        }
        co_await close(at);
    }
}

}  // namespace weft::engine
