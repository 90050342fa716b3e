// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/scheduler.hpp>
#include <weft/engine/urgency.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <numeric>
#include <tuple>

namespace weft::engine {

namespace detail {

/// How many groups that do not fit are skipped in the search for one that does.
inline constexpr std::size_t most_passed_over = 64;

/// A task with local inputs is preferred to a more urgent one if its urgency is at least this fraction.
inline constexpr double about_as_urgent = 0.9;

/// A rounded size such as `3.5 GiB`.
WEFT_INLINE std::string size_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    auto amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; amount >= 1024 && unit + 1 < std::size(units); ++unit) amount /= 1024;
    char text[32];
    std::snprintf(text, sizeof text, "%.4g %s", amount, units[unit]);
    return text;
}

}  // namespace detail

WEFT_INLINE scheduler::scheduler(const plan::view& plan, std::span<place> places,
                                 const std::vector<staging::source>& sources, std::span<const double> weights)
    : plan_(plan),
      sources_(sources),
      urgency_(urgency(plan, weights)),
      turn_(plan.tasks.size()),
      task_(plan.order.begin(), plan.order.end()),
      group_(plan.tasks.size()),
      ready_(plan.tasks.size()),
      hosts_(plan.hosts.size() + 1) {
    // Equally urgent tasks start in the order of their declaration. (Not stable_sort: Clang 19 warns about
    // libstdc++ 12's implementation.)
    for (plan::index position = 0; position < task_.size(); ++position) turn_[task_[position]] = position;
    const auto before = [this](plan::index a, plan::index b) {
        return urgency_[a] != urgency_[b] ? urgency_[a] > urgency_[b] : turn_[a] < turn_[b];
    };
    if (!std::is_sorted(task_.begin(), task_.end(), before)) std::sort(task_.begin(), task_.end(), before);
    for (plan::index turn = 0; turn < task_.size(); ++turn) turn_[task_[turn]] = turn;
    for (place& at : places) {
        machine& one = hosts_[at.host == plan::none ? 0 : at.host + 1].machines.emplace_back();
        one.at = &at;
        one.used = one.lent = {0, 0};
    }
    std::map<std::tuple<const host*, std::uint32_t, std::uint64_t>, plan::index> known;
    for (plan::index task = 0; task < plan.tasks.size(); ++task) {
        host& all = host_of(task);
        const room need{plan.policies[task].cpus, plan.policies[task].memory};
        const auto next = static_cast<plan::index>(all.groups.size());
        const auto [entry, is_new] = known.try_emplace({&all, need.slots, need.memory}, next);
        if (is_new) all.groups.push_back({need, {}});
        group_[task] = entry->second;
    }
}

WEFT_INLINE scheduler::host& scheduler::host_of(plan::index task) {
    const plan::index row = plan_.tasks[task].host;
    return hosts_[row == plan::none ? 0 : row + 1];
}

WEFT_INLINE const scheduler::host& scheduler::host_of(plan::index task) const {
    const plan::index row = plan_.tasks[task].host;
    return hosts_[row == plan::none ? 0 : row + 1];
}

WEFT_INLINE void scheduler::add(plan::index task) {
    host& all = host_of(task);
    ready_[task] = true;
    ++all.ready;
    heap& queue = all.groups[group_[task]].ready;
    if (queue.empty() || turn_[task] < queue.top()) {
        if (!queue.empty()) all.turns.erase({queue.top(), group_[task]});
        all.turns.emplace(turn_[task], group_[task]);
    }
    queue.push(turn_[task]);
    if (all.machines.size() == 1) return;
    for (machine& one : all.machines)
        if (inputs_at(task, one.at) != 0) one.near.push(turn_[task]);
}

WEFT_INLINE void scheduler::drop(plan::index task) {
    if (!ready_[task]) return;
    ready_[task] = false;
    host& all = host_of(task);
    --all.ready;
    for (machine& one : all.machines)
        if (one.reserved == task) one.reserved = plan::none;
}

WEFT_INLINE std::vector<plan::index> scheduler::following(plan::index task, std::size_t most) const {
    std::vector<plan::index> found;
    const std::size_t end = std::min<std::size_t>(task_.size(), turn_[task] + 1 + 4 * most);
    for (std::size_t turn = turn_[task] + 1; turn < end && found.size() < most; ++turn) {
        const plan::index one = task_[turn];
        if (ready_[one] && plan_.tasks[one].host == plan_.tasks[task].host) found.push_back(one);
    }
    return found;
}

WEFT_INLINE std::optional<scheduler::choice> scheduler::next() {
    for (host& all : hosts_)
        if (all.ready != 0)
            if (const auto found = next_of(all)) return found;
    return std::nullopt;
}

WEFT_INLINE std::optional<scheduler::choice> scheduler::next_of(host& all) {
    const bool any_room = std::any_of(all.machines.begin(), all.machines.end(), [](const machine& one) {
        return one.at->state == place::condition::open && one.used.slots < one.at->slots;
    });
    if (!any_room) return std::nullopt;
    // A task with a reservation starts as soon as it fits: the reservation may be why more urgent tasks do
    // not.
    for (const machine& one : all.machines) {
        if (one.reserved == plan::none) continue;
        const plan::index task = one.reserved;
        const auto need = need_of(all, all.groups[group_[task]].need);
        machine* const at = need ? choose(all, *need, task) : nullptr;
        if (at != nullptr) return take(all, *at, *need, task);
    }
    std::size_t passed_over = 0;
    for (auto turn = all.turns.begin(); turn != all.turns.end();) {
        const auto [first, number] = *turn;
        if (!keep_first(all, number)) {  // the group's first task changed: start over
            turn = all.turns.begin();
            passed_over = 0;
            continue;
        }
        const plan::index task = task_[first];
        if (const auto need = need_of(all, all.groups[number].need)) {
            if (machine* at = choose(all, *need, task)) {
                const plan::index closer = nearer(all, *at, task);
                return take(all, *at, *need_of(all, all.groups[group_[closer]].need), closer);
            }
            reserve(all, *need, task);
        }
        if (++passed_over == detail::most_passed_over) break;
        ++turn;
    }
    return std::nullopt;
}

/// Pops tasks that are no longer ready from the front of a group; false when there were any.
WEFT_INLINE bool scheduler::keep_first(host& all, std::size_t number) {
    heap& queue = all.groups[number].ready;
    if (ready_[task_[queue.top()]]) return true;
    all.turns.erase({queue.top(), number});
    while (!queue.empty() && !ready_[task_[queue.top()]]) queue.pop();
    if (!queue.empty()) all.turns.emplace(queue.top(), number);
    return false;
}

/// The room that a task takes. A task that declares more cpus than any machine with enough memory has runs
/// alone on the largest of them; none while that machine is still unknown.
WEFT_INLINE std::optional<scheduler::room> scheduler::need_of(const host& all, const room& wanted) const {
    unsigned most = 0;
    bool opening = false;
    for (const machine& one : all.machines) {
        if (one.at->state == place::condition::open && has_memory(*one.at, wanted.memory))
            most = std::max(most, one.at->slots);
        opening |= one.at->state == place::condition::opening;
    }
    if (wanted.slots > most && opening) return std::nullopt;
    return room{std::min(wanted.slots, most), wanted.memory};
}

/// Whether the machine's total memory suffices; true if it is unknown.
WEFT_INLINE bool scheduler::has_memory(const place& at, std::uint64_t wanted) {
    return at.memory == 0 || wanted <= at.memory;
}

/// Whether the machine has room for it when nothing else runs there.
WEFT_INLINE bool scheduler::holds(const machine& one, const room& need) {
    return one.at->state == place::condition::open && need.slots <= one.at->slots &&
           has_memory(*one.at, need.memory);
}

WEFT_INLINE bool scheduler::fits(const machine& one, const room& need, plan::index task) {
    const place& at = *one.at;
    if (!holds(one, need) || one.used.slots + need.slots > at.slots) return false;
    if (at.memory != 0 && one.used.memory + need.memory > at.memory) return false;
    if (one.reserved == plan::none || one.reserved == task) return true;
    return one.lent.slots + need.slots <= at.slots &&
           (at.memory == 0 || one.lent.memory + need.memory <= at.memory);
}

/// The machine with room for the task that has most of its inputs; among these, the one with most free slots.
/// A disconnected machine is used only if no connected one can ever hold the task.
WEFT_INLINE scheduler::machine* scheduler::choose(host& all, const room& need, plan::index task) {
    machine* best = nullptr;
    std::size_t best_inputs = 0;
    for (const health wanted : {health::well, health::broken}) {
        bool any = false;
        for (machine& one : all.machines) {
            if (!holds(one, need) || one.at->tasks->health_now() != wanted) continue;
            any = true;
            if (!fits(one, need, task)) continue;
            const std::size_t inputs = all.machines.size() == 1 ? 0 : inputs_at(task, one.at);
            const auto free = [](const machine& each) { return each.at->slots - each.used.slots; };
            if (best != nullptr && std::pair(inputs, free(one)) <= std::pair(best_inputs, free(*best)))
                continue;
            best = &one;
            best_inputs = inputs;
        }
        if (any) break;
    }
    return best;
}

/// `task`, or, if `task` has no inputs at `at`, an about equally urgent one that has.
WEFT_INLINE plan::index scheduler::nearer(host& all, machine& at, plan::index task) {
    if (all.machines.size() == 1) return task;
    while (!at.near.empty() && !ready_[task_[at.near.top()]]) at.near.pop();
    if (at.near.empty() || inputs_at(task, at.at) != 0) return task;
    const plan::index other = task_[at.near.top()];
    if (urgency_[other] < detail::about_as_urgent * urgency_[task]) return task;
    const auto need = need_of(all, all.groups[group_[other]].need);
    return need && fits(at, *need, other) ? other : task;
}

/// How many of a task's references are to files on that machine.
WEFT_INLINE std::size_t scheduler::inputs_at(plan::index task, const place* at) const {
    std::size_t inputs = 0;
    for (const plan::reference& reference : plan::rows(plan_.references, plan_.tasks[task].references))
        inputs += sources_[reference.producer].at == at;
    return inputs;
}

/// Reserves a machine for a task unless it has one: of those that could hold it, the one with most free
/// slots.
WEFT_INLINE void scheduler::reserve(host& all, const room& need, plan::index task) {
    machine* best = nullptr;
    for (machine& one : all.machines) {
        if (!holds(one, need)) continue;
        if (one.reserved == task) return;
        if (one.reserved != plan::none) continue;
        // Sums instead of differences: `occupy` may exceed a machine's slots.
        if (best == nullptr || one.at->slots + best->used.slots > best->at->slots + one.used.slots)
            best = &one;
    }
    if (best == nullptr) return;
    best->reserved = task;
    ++best->reservations;
    // The reserving task's need counts as lent: other tasks must fit beside it.
    best->lent = need;
}

WEFT_INLINE scheduler::choice scheduler::take(host& all, machine& at, const room& need, plan::index task) {
    ready_[task] = false;
    --all.ready;
    for (machine& one : all.machines)
        if (one.reserved == task) one.reserved = plan::none;
    holding& mine = held_[task];
    mine = {&at, need, at.reserved == plan::none ? 0 : at.reservations};
    at.used.slots += need.slots;
    at.used.memory += need.memory;
    if (mine.reservation != 0) {
        at.lent.slots += need.slots;
        at.lent.memory += need.memory;
    }
    return {task, at.at};
}

WEFT_INLINE void scheduler::occupy(plan::index task, place& at) {
    host& all = host_of(task);
    for (machine& one : all.machines) {
        if (one.at != &at) continue;
        const room wanted = all.groups[group_[task]].need;
        const room need{std::min(wanted.slots, at.slots), wanted.memory};
        ready_[task] = true;  // `take` counts it as no longer ready
        ++all.ready;
        take(all, one, need, task);
    }
}

WEFT_INLINE void scheduler::release(plan::index task) {
    const auto found = held_.find(task);
    if (found == held_.end()) return;
    const holding mine = found->second;
    held_.erase(found);
    mine.at->used.slots -= mine.taken.slots;
    mine.at->used.memory -= mine.taken.memory;
    if (mine.reservation != 0 && mine.reservation == mine.at->reservations) {
        mine.at->lent.slots -= mine.taken.slots;
        mine.at->lent.memory -= mine.taken.memory;
    }
}

WEFT_INLINE std::string scheduler::why_never_fits(plan::index task) const {
    const std::uint64_t wanted = plan_.policies[task].memory;
    std::uint64_t most = 0;
    std::size_t machines = 0;
    for (const machine& one : host_of(task).machines) {
        if (one.at->state == place::condition::failed) continue;
        if (one.at->state == place::condition::opening || has_memory(*one.at, wanted)) return {};
        most = std::max(most, one.at->memory);
        ++machines;
    }
    if (machines == 0) return {};
    const plan::index row = plan_.tasks[task].host;
    const std::string name = row == plan::none ? "" : std::string(plan_.hosts[row]);
    return "it needs " + detail::size_text(wanted) + " of memory, and " +
           (name.empty()    ? "this machine has "
            : machines == 1 ? "host " + name + " has "
                            : "no machine of host " + name + " has more than ") +
           detail::size_text(most);
}

}  // namespace weft::engine
