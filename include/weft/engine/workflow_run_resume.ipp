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

/// The first part in which two fingerprints differ; empty when they match. An unknown digest matches any; a
/// file that did not exist before is assumed to be the task's own output.
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
        if (digest(now, name) == nullptr) return name + " was removed";
    return {};
}

}  // namespace detail

/// Decides for each task whether it is reused, attached or run: first for each task alone, then by
/// dependencies until a fixed point.
WEFT_INLINE os::async<void> workflow_run::decide_resume() {
    co_await all_opened_;
    past_.resize(tasks_.size());
    files_intact_.assign(tasks_.size(), -1);
    uncertain_.assign(tasks_.size(), false);
    for (const plan::index task : plan_.order) {
        past_[task] = settings_.record->past(task);
        tasks_[task].past_attempts = report_.tasks[task].attempts = past_[task].number;
        tasks_[task].at = place_of_attempt(task, past_[task].host, past_[task].machine);
        for (const past_scratch& one : past_[task].scratches)
            if (place* const at = place_of_attempt(task, one.host, one.machine); at != nullptr)
                tasks_[task].scratches.push_back({one.attempt, at, one.path});
    }
    for (const plan::index task : plan_.order) co_await decide_alone(task);
    co_await decide_together();
    for (const plan::index task : plan_.order)
        if (stops_ == 0 && tasks_[task].decision != resume_decision::attached)
            co_await end_past_attempt(task);
    finish_removals();
    deciding_resume_ = false;
    for (const plan::index task : plan_.order) {
        constexpr std::string_view words[] = {"runs", "reused", "attached"};
        const task_run& me = tasks_[task];
        listener_.decided(report_.tasks[task].name, words[static_cast<int>(me.decision)], me.why);
        if (me.decision == resume_decision::attached && !me.settled) scheduler_.occupy(task, *me.at);
    }
    for (const plan::index task : plan_.order) {
        if (tasks_[task].settled || tasks_[task].decision != resume_decision::runs) continue;
        if (std::string reason = why_unschedulable(task); !reason.empty()) fail(task, std::move(reason));
    }
}

/// Replaces the decision for a task whose turn has come: it runs.
WEFT_INLINE void workflow_run::restart(plan::index task, std::string why) {
    decide_to_run(task, std::move(why));
    listener_.decided(report_.tasks[task].name, "runs", tasks_[task].why);
    become_ready(task);
}

WEFT_INLINE void workflow_run::decide_to_run(plan::index task, std::string why) {
    task_run& me = tasks_[task];
    me.decision = resume_decision::runs;
    me.why = std::move(why);
    me.never_started = false;
    me.begun = false;
    me.past_attempts = report_.tasks[task].attempts;
}

WEFT_INLINE place* workflow_run::place_of_attempt(plan::index task, const std::string& name,
                                                  const std::string& machine) {
    for (place& at : places_)
        if (at.host == plan_.tasks[task].host && at.name == name && at.machine == machine) return &at;
    return nullptr;
}

WEFT_INLINE os::async<void> workflow_run::decide_alone(plan::index task) {
    task_run& me = tasks_[task];
    const past_attempt& left = past_[task];
    const bool function = plan_.tasks[task].action == plan::action_kind::function;
    if (left.how == past_attempt::state::none) co_return decide_to_run(task, "it has not run yet");
    if (left.how == past_attempt::state::failed)
        co_return decide_to_run(task, "its last attempt failed or was cancelled");
    if (me.at == nullptr) co_return decide_to_run(task, "its host changed");
    if (left.pre_journaled)
        co_return decide_to_run(
            task, "its attempt " + std::to_string(left.number) + " was about to start or had started");
    std::string differs;
    try {
        const fingerprint now = co_await settings_.record->identify(task, *me.at, report_, nullptr);
        differs = detail::difference(left.made_of, now);
    } catch (const std::exception& error) {
        differs = error.what();  // the next attempt reports it if it persists
    }
    if (!differs.empty()) co_return decide_to_run(task, std::move(differs));
    if (left.how == past_attempt::state::finished) {
        if (function && settings_.values_wanted)
            co_return decide_to_run(task, "values of functions are not stored");
        me.decision = resume_decision::reused;
        me.why = "unchanged";
    } else if (me.at->host == plan::none) {
        decide_to_run(task, "its attempt " + std::to_string(left.number) + " was interrupted");
    } else if (me.at->state != place::condition::open) {
        decide_to_run(task, "its host is unreachable, so its outcome is unknown");
    } else {
        me.decision = resume_decision::attached;
        me.begun = true;
        me.why = "its attempt " + std::to_string(left.number) + " started on " + me.at->name;
    }
}

/// Whether a command depends on a function only through its value.
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

/// Why a task cannot be reused or attached, given the decisions for its predecessors.
WEFT_INLINE std::string workflow_run::why_not_reusable(plan::index task) const {
    for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors)) {
        const resume_decision decision = tasks_[before].decision;
        if (decision == resume_decision::reused || takes_value_only(task, before)) continue;
        return report_.tasks[before].name +
               (decision == resume_decision::runs ? " runs again" : " still runs");
    }
    return {};
}

WEFT_INLINE bool workflow_run::is_needed(plan::index task) const {
    const plan::task& what = plan_.tasks[task];
    const bool function = what.action == plan::action_kind::function;
    for (const plan::index next : plan::rows(plan_.successors, what.successors)) {
        if (tasks_[next].decision != resume_decision::runs && !uncertain_[next]) continue;
        if (function) return true;
        for (const plan::reference& reference : plan::rows(plan_.references, plan_.tasks[next].references))
            if (reference.producer == task) return true;
    }
    // The files of a task without consumers are the run's result, unless they are collected.
    return !function && tasks_[task].consumers == 0 && what.collected.count == 0;
}

WEFT_INLINE bool workflow_run::is_collected(plan::index task) const {
    const std::string directory = settings_.results + '/' + report_.tasks[task].name;
    for (const std::string_view path : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        // The names that a glob matched are not known here: check its directory instead.
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
    // Timestamps are coarse there: a file with the time of the end may have been altered after it.
    scratch = left.scratch;
    const std::string now = co_await at.contents->seal(std::move(scratch));
    co_return now == left.seal;
}

WEFT_INLINE os::async<bool> workflow_run::has_intact_files(plan::index task) {
    if (files_intact_[task] < 0) {
        files_intact_[task] = 0;
        place& at = *tasks_[task].at;
        try {
            const bool left = !past_[task].removed && !past_[task].scratch.empty();
            if (left && at.state == place::condition::open) {
                const bool intact = co_await is_intact(past_[task], at);
                files_intact_[task] = intact ? 1 : 0;
            }
        } catch (const std::exception& error) {
            listener_.note(error.what());
        }
    }
    co_return files_intact_[task] == 1;
}

/// Why a task's files cannot be reused. Always logs an alteration: it is likely a mistake, and makes tasks
/// run again.
WEFT_INLINE os::async<std::string> workflow_run::describe_damage(plan::index task) {
    const place& at = *tasks_[task].at;
    if (at.state != place::condition::open)
        co_return "its host is unreachable, so its files cannot be checked";
    std::string path;
    try {
        std::string scratch = past_[task].scratch;
        path = co_await at.contents->first_change(std::move(scratch));
    } catch (const std::exception& error) {
        listener_.note(error.what());
    }
    if (path.empty()) co_return "its files were altered or removed";
    std::string why = "its output '" + path + "' was altered after the task had ended";
    if (path.back() == '/') {
        path.pop_back();
        why = (path == "." ? "in its directory" : "in its directory '" + path + "'") +
              std::string(" a file was added or removed after the task had ended");
    }
    listener_.note(report_.tasks[task].name + " runs again: " + why);
    co_return why;
}

/// Marks tasks that depend on the value of a function that runs again. They are reused only if the value is
/// the same, so the inputs they would need to run, and those of their successors, must exist.
WEFT_INLINE void workflow_run::note_uncertain() {
    for (const plan::index task : plan_.order) {
        uncertain_[task] = false;
        if (tasks_[task].decision == resume_decision::runs) continue;
        for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors))
            if (uncertain_[before] ||
                (tasks_[before].decision == resume_decision::runs && takes_value_only(task, before)))
                uncertain_[task] = true;
    }
}

WEFT_INLINE os::async<void> workflow_run::decide_together() {
    for (bool changed = true; changed && stops_ == 0;) {
        changed = false;
        for (const plan::index task : plan_.order) {
            if (tasks_[task].decision == resume_decision::runs) continue;
            if (std::string why = why_not_reusable(task); !why.empty()) {
                decide_to_run(task, std::move(why));
                changed = true;
            }
        }
        note_uncertain();
        for (auto at = plan_.order.rbegin(); at != plan_.order.rend(); ++at) {
            task_run& me = tasks_[*at];
            if (me.decision != resume_decision::reused) continue;
            const bool collected = past_[*at].collected && is_collected(*at);
            const bool needed = is_needed(*at);
            if (collected && !needed) continue;
            const bool there = co_await has_intact_files(*at);
            me.must_collect = !collected;
            if (there) continue;
            std::string why = "its files are needed again";
            if (plan_.tasks[*at].action == plan::action_kind::function)
                why = "its value is needed and not stored";
            else if (!collected)
                why = "its collected outputs are missing";
            else if (!past_[*at].removed)
                why = co_await describe_damage(*at);
            decide_to_run(*at, std::move(why));
            changed = true;
        }
    }
}

}  // namespace weft::engine
