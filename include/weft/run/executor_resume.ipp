// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/arrivals.hpp>
#include <weft/run/executor.hpp>
#include <weft/text/glob.hpp>

#include <algorithm>
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
WEFT_INLINE os::async<void> executor::take_up() {
    co_await all_opened_;
    past_.resize(tasks_.size());
    there_.assign(tasks_.size(), -1);
    uncertain_.assign(tasks_.size(), false);
    remove_arrivals(how_.results, how_.run);
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
        if (std::string reason = impossible(task); !reason.empty()) fail(task, std::move(reason));
    }
}

/// Why a task that runs can never start, when all places are open or failed.
WEFT_INLINE std::string executor::impossible(plan::index task) const {
    const plan::index host = plan_.tasks[task].host;
    const bool hope = std::any_of(places_.begin(), places_.end(), [&](const place& at) {
        return at.host == host && at.state == place::condition::open;
    });
    if (hope) return scheduler_.misfit(task);
    return host == plan::none ? "this machine is not usable"
                              : "host " + std::string(plan_.hosts[host]) + " is not usable";
}

/// Of a task whose turn has come and for which something else was decided before.
WEFT_INLINE void executor::begin_again(plan::index task, std::string why) {
    run_again(task, std::move(why));
    listener_.decided(report_.tasks[task].name, "runs", tasks_[task].why);
    if (std::string reason = impossible(task); !reason.empty()) return fail(task, std::move(reason));
    become_ready(task);
}

WEFT_INLINE void executor::run_again(plan::index task, std::string why) {
    task_run& me = tasks_[task];
    me.goes = course::runs;
    me.why = std::move(why);
    me.never_started = false;
    me.begun = false;
    me.before = report_.tasks[task].attempts;
}

WEFT_INLINE place* executor::find_place(plan::index task, const std::string& name,
                                        const std::string& machine) {
    for (place& at : places_)
        if (at.host == plan_.tasks[task].host && at.name == name && at.machine == machine) return &at;
    return nullptr;
}

WEFT_INLINE os::async<void> executor::decide_alone(plan::index task) {
    task_run& me = tasks_[task];
    const past_attempt& left = past_[task];
    const bool function = plan_.tasks[task].action == plan::action_kind::function;
    if (left.how == past_attempt::state::none) co_return run_again(task, "it has not run yet");
    if (left.how == past_attempt::state::failed) co_return run_again(task, "its last attempt did not finish");
    if (me.at == nullptr) co_return run_again(task, "its host changed");
    if (left.foreseen)
        co_return run_again(task,
                            "its attempt " + std::to_string(left.number) + " was about to begin, or began");
    fingerprint now = co_await how_.record->identify(task, *me.at, report_, nullptr);
    std::string differs = detail::difference(left.made_of, now);
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
WEFT_INLINE bool executor::takes_value_only(plan::index task, plan::index function) const {
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
WEFT_INLINE std::string executor::forced(plan::index task) const {
    for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors)) {
        const course goes = tasks_[before].goes;
        if (goes == course::reused || takes_value_only(task, before)) continue;
        return report_.tasks[before].name + (goes == course::runs ? " runs again" : " still runs");
    }
    return {};
}

WEFT_INLINE bool executor::is_needed(plan::index task) const {
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

WEFT_INLINE bool executor::is_collected(plan::index task) const {
    const std::string directory = how_.results + '/' + report_.tasks[task].name;
    for (const std::string_view wanted : plan::rows(plan_.paths, plan_.tasks[task].collected)) {
        // Of a glob the files' names are not known here: its directory stands for them.
        const std::filesystem::path path(wanted);
        const auto whole = directory / (text::is_glob(wanted) ? std::filesystem::path() : path);
        std::error_code ignored;
        if (!std::filesystem::exists(whole, ignored)) return false;
    }
    return true;
}

WEFT_INLINE os::async<bool> executor::is_there(plan::index task) {
    if (there_[task] < 0) {
        there_[task] = 0;
        place& at = *tasks_[task].at;
        try {
            std::string scratch = past_[task].scratch;
            if (!past_[task].removed && !scratch.empty() && at.state == place::condition::open) {
                const bool intact = co_await at.contents->intact(std::move(scratch));
                there_[task] = intact ? 1 : 0;
            }
        } catch (const place_error& error) {
            listener_.note(error.what());
        }
    }
    co_return there_[task] == 1;
}

/// A command that shows the value of a function that runs again is reused when the value is the same: what it
/// would need if it were not must be there all the same, and so for those after it.
WEFT_INLINE void executor::note_uncertain() {
    for (const plan::index task : plan_.order) {
        uncertain_[task] = false;
        if (tasks_[task].goes == course::runs) continue;
        for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors))
            if (uncertain_[before] || (tasks_[before].goes == course::runs && takes_value_only(task, before)))
                uncertain_[task] = true;
    }
}

WEFT_INLINE os::async<void> executor::decide_together() {
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
            const bool function = plan_.tasks[*at].action == plan::action_kind::function;
            run_again(*at, function             ? "its value is needed and not kept"
                           : !home              ? "what it brought home is gone"
                           : past_[*at].removed ? "its files are needed again"
                                                : "its files were altered or are gone");
            changed = true;
        }
    }
}

/// Ends what may still run of an attempt that is not gone on with, and removes what it left.
WEFT_INLINE os::async<void> executor::end_what_is_left(plan::index task) {
    const past_attempt& left = past_[task];
    place* const at = tasks_[task].at;
    if (left.how != past_attempt::state::begun || left.scratch.empty()) co_return;
    if (at == nullptr || at->state != place::condition::open)
        co_return listener_.note("attempt " + std::to_string(left.number) + " of " +
                                 report_.tasks[task].name + " may still run on " + left.host +
                                 ", which cannot be reached, in " + left.scratch);
    past_scratch scratch{left.number, left.host, left.machine, left.scratch};
    try {
        how_.record->abandons(report_.tasks[task], left.number);
        co_await make_durable();
        co_await kill_and_remove(task, std::move(scratch), *at);
    } catch (const place_error& error) {
        listener_.note(error.what());
    }
}

WEFT_INLINE os::async<void> executor::kill_and_remove(plan::index task, past_scratch left, place& at) {
    attempt old;
    old.task = report_.tasks[task].name;
    old.number = left.attempt;
    old.scratch = left.path;
    old.run = how_.run;
    at.tasks->stop(left.path, stop_signal::kill);
    co_await at.tasks->attach(old);
    co_await at.contents->remove(left.path);
    how_.record->removed(report_.tasks[task], left.attempt);
}

/// Goes on with removals that an earlier session announced and did not come to the end of.
WEFT_INLINE void executor::finish_removals() {
    for (plan::index task = 0; task < tasks_.size() && stops_ == 0; ++task)
        for (const past_scratch& one : past_[task].scratches) {
            place* const at = find_place(task, one.host, one.machine);
            const bool goes_on = tasks_[task].goes == course::attached && one.attempt == past_[task].number;
            if (!one.going || goes_on || at == nullptr || at->state != place::condition::open) continue;
            begin(finish_removal(task, one, *at));
        }
}

WEFT_INLINE os::async<void> executor::finish_removal(plan::index task, past_scratch left, place& at) {
    if (left.abandoned) co_return co_await kill_and_remove(task, std::move(left), at);
    co_await at.contents->remove(left.path);
    how_.record->removed(report_.tasks[task], left.attempt);
}

/// A finished task takes its place in the run as if it had just finished.
WEFT_INLINE os::async<void> executor::reuse(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    const past_attempt& left = past_[task];
    me.alive = true;
    std::string why = forced(task);  // what comes before it may have turned out to run again
    std::string trouble;
    try {
        // The values of functions that ran again are known now.
        bool values = false;
        for (const plan::index before : plan::rows(plan_.predecessors, plan_.tasks[task].predecessors))
            values = values || (takes_value_only(task, before) && tasks_[before].goes == course::runs);
        if (why.empty() && values) {
            const fingerprint now = co_await how_.record->identify(task, *me.at, report_, how_.calls);
            why = detail::difference(left.made_of, now);
        }
        row.host = me.at->name;
        row.scratch = left.scratch;
        row.scratch_kept = !left.removed && !left.scratch.empty();
        if (why.empty() && me.collects_again) {
            found_paths found = co_await find_collected(task);
            co_await collect(task, std::move(found));
            how_.record->collected(row);
        }
    } catch (const place_error& error) {
        trouble = error.what();
    }
    me.alive = false;
    if (me.settled) co_return;
    if (stops_ > 0 || unrecorded_) {
        settle(task, task_state::cancelled);
    } else if (!why.empty()) {
        begin_again(task, std::move(why));
    } else if (!trouble.empty()) {
        fail(task, std::move(trouble));  // what it left is there, it cannot be brought home
    } else {
        row.exit_code = plan_.tasks[task].action == plan::action_kind::function ? -1 : 0;
        row.elapsed = left.elapsed;
        row.reused = true;
        sources_[task] = {me.at, left.scratch};
        settle(task, task_state::finished);
        let_go_of_inputs(task);
    }
    dispatch();
}

/// Waits for an attempt that an earlier session started.
WEFT_INLINE os::async<outcome> executor::attach(plan::index task) {
    task_run& me = tasks_[task];
    task_report& row = report_.tasks[task];
    me.alive = true;
    if (std::string why = forced(task); !why.empty()) {  // it turned out so when it was too late to decide
        co_await end_what_is_left(task);
        me.goes = course::runs;
        outcome ended;
        ended.how = outcome::kind::never_began;
        ended.message = std::move(why);
        co_return ended;
    }
    row.host = me.at->name;
    row.scratch = past_[task].scratch;
    row.scratch_kept = true;
    attempt old;
    old.task = row.name;
    old.number = row.attempts;
    old.scratch = row.scratch;
    old.run = how_.run;
    expect_end(task);
    const outcome ended = co_await me.at->tasks->attach(old);
    me.goes = course::runs;
    co_return ended;
}

}  // namespace weft::engine
