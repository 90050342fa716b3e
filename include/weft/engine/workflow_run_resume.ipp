// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/workflow_run.hpp>
#include <weft/text/wanted_path.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

namespace weft::engine {

namespace detail {

/// The first part in which two fingerprints differ; empty when they are the same. What is not known yet
/// differs from nothing, and where there was no file, whatever is there now is the task's own work.
WEFT_INLINE std::string difference(const fingerprint& before, const fingerprint& now) {
    const auto digest = [](const fingerprint& parts, const std::string& name) -> const std::string* {
        for (const auto& [part, value] : parts)
            if (part == name) return &value;
        return nullptr;
    };
    for (const auto& [name, value] : now) {
        const std::string* const old = digest(before, name);
        if (old == nullptr) return name + " is new";
        if (*old == nothing_there) continue;
        if (*old != value && *old != unknown_digest && value != unknown_digest) return name + " changed";
    }
    for (const auto& [name, value] : before)
        if (digest(now, name) == nullptr) return name + " is gone";
    return {};
}

}  // namespace detail

/// Decides of each task whether it is reused, attached or runs. In an order that needs no second thoughts:
/// first each by itself, then what follows from one for the others, until nothing changes any more.
WEFT_INLINE os::async<void> workflow_run::take_up() {
    co_await all_opened_;
    past_.resize(tasks_.size());
    there_.assign(tasks_.size(), -1);
    uncertain_.assign(tasks_.size(), false);
    for (const plan::index task : plan_.order) {
        past_[task] = how_.record->past(task);
        tasks_[task].before = report_.tasks[task].attempts = past_[task].number;
        tasks_[task].at = find_place(task, past_[task].host, past_[task].machine);
        for (const past_scratch& one : past_[task].scratches)
            if (place* const at = find_place(task, one.host, one.machine); at != nullptr)
                tasks_[task].scratches.push_back({one.attempt, at, one.path});
    }
    for (const plan::index task : plan_.order) co_await decide_alone(task);
    co_await decide_together();
    for (const plan::index task : plan_.order)
        if (stops_ == 0 && tasks_[task].goes != course::attached) co_await end_what_is_left(task);
    finish_removals();
    taking_up_ = false;
    for (const plan::index task : plan_.order) {
        constexpr std::string_view words[] = {"runs", "reused", "attached"};
        const task_run& me = tasks_[task];
        listener_.decided(report_.tasks[task].name, words[static_cast<int>(me.goes)], me.why);
        if (me.goes == course::attached && !me.settled) scheduler_.occupy(task, *me.at);
    }
    for (const plan::index task : plan_.order) {
        if (tasks_[task].settled || tasks_[task].goes != course::runs) continue;
        if (std::string reason = hopeless(task); !reason.empty()) fail(task, std::move(reason));
    }
}

/// Of a task whose turn has come and for which something else was decided before.
WEFT_INLINE void workflow_run::begin_again(plan::index task, std::string why) {
    run_again(task, std::move(why));
    listener_.decided(report_.tasks[task].name, "runs", tasks_[task].why);
    become_ready(task);
}

WEFT_INLINE void workflow_run::run_again(plan::index task, std::string why) {
    task_run& me = tasks_[task];
    me.goes = course::runs;
    me.why = std::move(why);
    me.never_started = false;
    me.begun = false;
    me.before = report_.tasks[task].attempts;
}

WEFT_INLINE place* workflow_run::find_place(plan::index task, const std::string& name,
                                            const std::string& machine) {
    for (place& at : places_)
        if (at.host == plan_.tasks[task].host && at.name == name && at.machine == machine) return &at;
    return nullptr;
}

WEFT_INLINE os::async<void> workflow_run::decide_alone(plan::index task) {
    task_run& me = tasks_[task];
    const past_attempt& left = past_[task];
    const bool function = plan_.tasks[task].action == plan::action_kind::function;
    if (left.how == past_attempt::state::none) co_return run_again(task, "it has not run yet");
    if (left.how == past_attempt::state::failed) co_return run_again(task, "its last attempt did not finish");
    if (me.at == nullptr) co_return run_again(task, "its host changed");
    if (left.foreseen)
        co_return run_again(task,
                            "its attempt " + std::to_string(left.number) + " was about to begin, or began");
    std::string differs;
    try {
        const fingerprint now = co_await how_.record->identify(task, *me.at, report_, nullptr);
        differs = detail::difference(left.made_of, now);
    } catch (const std::exception& error) {
        differs = error.what();  // its next attempt fails by that, or not
    }
    if (!differs.empty()) co_return run_again(task, std::move(differs));
    if (left.how == past_attempt::state::finished) {
        if (function && how_.values_wanted) co_return run_again(task, "values of functions are not kept");
        me.goes = course::reused;
        me.why = "unchanged";
    } else if (me.at->host == plan::none) {
        run_again(task, "its attempt " + std::to_string(left.number) + " was cut off");
    } else if (me.at->state != place::condition::open) {
        run_again(task, "its host cannot be asked how it ended");
    } else {
        me.goes = course::attached;
        me.begun = true;
        me.why = "its attempt " + std::to_string(left.number) + " began on " + me.at->name;
    }
}

/// Whether a command knows a function only by the text of its value.
WEFT_INLINE bool workflow_run::takes_value_only(plan::index task, plan::index function) const {
    if (plan_.tasks[function].action != plan::action_kind::function ||
        plan_.tasks[task].action == plan::action_kind::function)
        return false;
    const auto references = plan::rows(plan_.references, plan_.tasks[task].references);
    const auto pieces = plan::rows(plan_.pieces, plan_.tasks[task].pieces);
    return std::none_of(references.begin(), references.end(),
                        [&](const auto& row) { return row.producer == function; }) &&
           std::any_of(pieces.begin(), pieces.end(), [&](const auto& row) {
               return row.kind == plan::piece_kind::value && row.target == function;
           });
}

/// Why a task cannot be reused or attached after what was decided for those before it.
WEFT_INLINE std::string workflow_run::forced(plan::index task) const {
    for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors)) {
        const course goes = tasks_[before].goes;
        if (goes == course::reused || takes_value_only(task, before)) continue;
        return report_.tasks[before].name + (goes == course::runs ? " runs again" : " still runs");
    }
    return {};
}

WEFT_INLINE bool workflow_run::is_needed(plan::index task) const {
    const plan::task& what = plan_.tasks[task];
    const bool function = what.action == plan::action_kind::function;
    for (const plan::index next : plan::rows(plan_.successors, what.successors)) {
        if (tasks_[next].goes != course::runs && !uncertain_[next]) continue;
        if (function) return true;
        for (const plan::reference& reference : plan::rows(plan_.references, plan_.tasks[next].references))
            if (reference.producer == task) return true;
    }
    // The files of a last task are the run's result, unless they were brought home.
    return !function && tasks_[task].consumers == 0 && what.collected.count == 0;
}

WEFT_INLINE bool workflow_run::is_collected(plan::index task) const {
    const std::string directory = how_.results + '/' + report_.tasks[task].name;
    for (const std::string_view path : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        // Of a glob the files' names are not known here: its directory stands for them.
        const text::wanted_path collected = text::wanted(path);
        const auto whole = directory / std::filesystem::path(collected.glob ? "" : collected.text);
        std::error_code ignored;
        if (!std::filesystem::exists(whole, ignored)) return false;
    }
    return true;
}

WEFT_INLINE os::async<bool> workflow_run::is_intact(const past_attempt& left, place& at) {
    std::string scratch = left.scratch;
    if (left.seal == unknown_digest) co_return false;
    const bool intact = co_await at.contents->intact(std::move(scratch));
    if (!intact || left.seal.empty()) co_return intact;
    // Times are coarse there: what has the time of the end may have been written to after it.
    scratch = left.scratch;
    const std::string now = co_await at.contents->seal(std::move(scratch));
    co_return now == left.seal;
}

WEFT_INLINE os::async<bool> workflow_run::is_there(plan::index task) {
    if (there_[task] < 0) {
        there_[task] = 0;
        place& at = *tasks_[task].at;
        try {
            const bool left = !past_[task].removed && !past_[task].scratch.empty();
            if (left && at.state == place::condition::open) {
                const bool intact = co_await is_intact(past_[task], at);
                there_[task] = intact ? 1 : 0;
            }
        } catch (const std::exception& error) {
            listener_.note(error.what());
        }
    }
    co_return there_[task] == 1;
}

/// Why the files that a task left cannot be used. Damage is told in any case: somebody's mistake made it, and
/// costs what is run again for it.
WEFT_INLINE os::async<std::string> workflow_run::damage_to(plan::index task) {
    const place& at = *tasks_[task].at;
    if (at.state != place::condition::open) co_return "its host cannot be asked for its files";
    std::string path;
    try {
        std::string scratch = past_[task].scratch;
        path = co_await at.contents->first_change(std::move(scratch));
    } catch (const std::exception& error) {
        listener_.note(error.what());
    }
    if (path.empty()) co_return "its files were altered or are gone";
    std::string why = "its output '" + path + "' was altered after it had ended";
    if (path.back() == '/') {
        path.pop_back();
        why = (path == "." ? "in its directory" : "in its directory '" + path + "'") +
              std::string(" something was added or removed after it had ended");
    }
    listener_.note(report_.tasks[task].name + " runs again, for " + why);
    co_return why;
}

/// A command that shows the value of a function that runs again is reused when the value is the same: what it
/// would need if it were not must be there all the same, and so for those after it.
WEFT_INLINE void workflow_run::note_uncertain() {
    for (const plan::index task : plan_.order) {
        uncertain_[task] = false;
        if (tasks_[task].goes == course::runs) continue;
        for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors))
            if (uncertain_[before] || (tasks_[before].goes == course::runs && takes_value_only(task, before)))
                uncertain_[task] = true;
    }
}

WEFT_INLINE os::async<void> workflow_run::decide_together() {
    for (bool changed = true; changed && stops_ == 0;) {
        changed = false;
        for (const plan::index task : plan_.order) {
            if (tasks_[task].goes == course::runs) continue;
            if (std::string why = forced(task); !why.empty()) {
                run_again(task, std::move(why));
                changed = true;
            }
        }
        note_uncertain();
        for (auto at = plan_.order.rbegin(); at != plan_.order.rend(); ++at) {
            task_run& me = tasks_[*at];
            if (me.goes != course::reused) continue;
            const bool home = past_[*at].home && is_collected(*at);
            const bool needed = is_needed(*at);
            if (home && !needed) continue;
            const bool there = co_await is_there(*at);
            me.collects_again = !home;
            if (there) continue;
            std::string why = "its files are needed again";
            if (plan_.tasks[*at].action == plan::action_kind::function)
                why = "its value is needed and not kept";
            else if (!home)
                why = "what it brought home is gone";
            else if (!past_[*at].removed)
                why = co_await damage_to(*at);
            run_again(*at, std::move(why));
            changed = true;
        }
    }
}

}  // namespace weft::engine
