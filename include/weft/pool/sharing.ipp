// SPDX-License-Identifier: MIT
// The work of all threads in an open run: take ready units, run them, count their joins.
#pragma once

#include <weft/config.hpp>
#include <weft/pool/graph_run.hpp>
#include <weft/pool/pause.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace weft::pool {

WEFT_INLINE index graph_run::unit_at(index position) const {
    const index* const first = layout_.first_position;
    return static_cast<index>(std::upper_bound(first, first + layout_.units, position) - first - 1);
}

WEFT_INLINE index graph_run::only_successor(index unit) const {
    const index row = layout_.first_successor[unit];
    return layout_.first_successor[unit + 1] - row == 1 ? layout_.successors[row] : none;
}

/// Runs the tasks of a unit from position `from` on. False if the successors cannot run.
WEFT_INLINE bool graph_run::run_unit(index unit, index from, worker& self) {
    const index end = layout_.first_position[unit + 1];
    if (skip_[unit].load(std::memory_order_relaxed)) {
        broken_[unit].store(from, std::memory_order_relaxed);
        return false;
    }
    // The caller times one in 16, to decide whether the next run is worth opening at once.
    const bool timed = self.number == 0 && self.ran++ % 16 == 0;
    const auto start = timed ? clock::now() : clock::time_point{};
    for (index position = from; position < end; ++position) {
        if (stopping_.load(std::memory_order_relaxed)) {
            broken_[unit].store(position, std::memory_order_relaxed);
            dirty_.store(true, std::memory_order_relaxed);
            return true;  // the successors are cancelled, not skipped
        }
        self.at.limit.store(position + 1, std::memory_order_relaxed);
        try {
            walk_(bodies_, self.at, position);
        } catch (...) {
            fail(unit, position, std::current_exception());
            return false;
        }
    }
    if (timed && from < end) {
        self.sample += clock::now() - start;
        self.sampled += end - from;
    }
    return true;
}

WEFT_INLINE void graph_run::fail(index unit, index position, std::exception_ptr error) {
    const std::lock_guard lock(failing_);
    failures_.push_back({layout_.task_at[position], std::move(error)});
    broken_[unit].store(position, std::memory_order_relaxed);
    dirty_.store(true, std::memory_order_relaxed);
}

/// Counts `count` predecessors of `unit` as done. Returns the unit if it is ready.
WEFT_INLINE unit_range graph_run::join(index unit, index count, const worker& self) {
    // All of them came from one range: no other thread counts here.
    if (count != layout_.waits[unit] && unmet_[unit].fetch_sub(count, std::memory_order_acq_rel) != count)
        return {};
    if (unit != layout_.units) return {unit, 1};
    over_.store(self.run, std::memory_order_seq_cst);
    if (self.number != 0) wake_caller();
    return {};
}

/// Counts the joins of a unit's successors. Pushes the units that became ready, except the first range, which
/// is returned. `next` is the unit that this thread runs next, if known.
WEFT_INLINE unit_range graph_run::complete(index unit, bool finished, index next, worker& self) {
    const index first = layout_.first_successor[unit];
    const index last = layout_.first_successor[unit + 1];
    if (!finished)
        for (index row = first; row < last; ++row)
            skip_[layout_.successors[row]].store(true, std::memory_order_relaxed);
    if (last - first == 1) {
        // Joins are accumulated while the next unit leads to the same successor, which cannot begin before
        // that one: 500 units with one successor cost one shared write instead of 500.
        const index successor = layout_.successors[first];
        ++self.joined;
        if (next != none && only_successor(next) == successor) return {};
        return join(successor, std::exchange(self.joined, 0), self);
    }
    unit_range kept;
    unit_range ready;
    const auto put = [&] {
        if (kept.count == 0)
            kept = ready;
        else
            hand_out(ready, self);
    };
    for (index row = first; row < last; ++row) {
        const unit_range found = join(layout_.successors[row], 1, self);
        if (found.count == 0) continue;
        if (ready.count != 0 && ready.first + ready.count == found.first) {
            ++ready.count;
            continue;
        }
        if (ready.count != 0) put();
        ready = found;
    }
    if (ready.count != 0) put();
    return kept;
}

WEFT_INLINE void graph_run::hand_out(unit_range range, worker& self) {
    stacks_[self.number].push(self.run, range, ready_);
    if (self.number != 0) wake_caller();
    pool_.surplus();
}

WEFT_INLINE void graph_run::wake_caller() {
    if (!caller_asleep_.load(std::memory_order_seq_cst)) return;
    signal_.fetch_add(1, std::memory_order_release);
    signal_.notify_one();
}

/// Runs a range and all units that become ready by it, until this thread's stack is empty.
WEFT_INLINE void graph_run::work(unit_range range, worker& self) {
    ready_stack& stack = stacks_[self.number];
    const bool shared = pool_.threads() > 1;
    while (true) {
        while (range.count != 0) {
            // Pushes half of it for the others while they find no other work: 1,000 ready units are 10
            // pushes.
            if (shared && range.count > 1 && stack.empty()) {
                const index half = range.count / 2;
                range.count -= half;
                hand_out({range.first + range.count, half}, self);
            }
            const index unit = range.first++;
            --range.count;
            const bool finished = run_unit(unit, layout_.first_position[unit], self);
            const unit_range ready = complete(unit, finished, range.count != 0 ? range.first : none, self);
            if (ready.count == 0) continue;
            // The first unit that became ready runs here at once: its inputs are in this processor's cache.
            if (range.count != 0) hand_out(range, self);
            range = ready;
        }
        range = stack.pop(self.run, ready_);
        if (range.count == 0) return;
    }
}

WEFT_INLINE unit_range graph_run::steal(worker& self) {
    const index threads = pool_.threads();
    for (index step = 1; step < threads; ++step) {
        const index victim = (self.number + step) % threads;
        const unit_range found = stacks_[victim].take_all(self.run, ready_, stacks_[self.number]);
        if (found.count == 0) continue;
        // The other units are for any thread. One that saw them on neither stack may have gone to sleep.
        if (!stacks_[self.number].empty()) {
            if (self.number != 0) wake_caller();
            pool_.surplus();
        }
        return found;
    }
    return {};
}

/// The caller after its own work: takes ready units of the others, and sleeps when there are none.
WEFT_INLINE void graph_run::work_until_over(worker& self) {
    constexpr auto patience = std::chrono::microseconds(50);
    auto last_work = clock::now();
    while (!is_over(self.run)) {
        if (const unit_range found = steal(self); found.count != 0) {
            work(found, self);
            last_work = clock::now();
            continue;
        }
        for (int spins = 0; spins < 8 && !is_over(self.run); ++spins) pause();
        if (clock::now() - last_work < patience) continue;
        const index signal = signal_.load(std::memory_order_acquire);
        caller_asleep_.store(true, std::memory_order_seq_cst);
        if (!is_over(self.run) && !has_surplus()) signal_.wait(signal, std::memory_order_acquire);
        caller_asleep_.store(false, std::memory_order_relaxed);
        last_work = clock::now();
    }
}

WEFT_INLINE bool graph_run::has_surplus() const {
    // Pairs with `workers::surplus` and `wake_caller`, which push first and then look for sleepers.
    if (phase_.load(std::memory_order_seq_cst) != phase::open) return false;
    for (index at = 0; at < pool_.threads(); ++at)
        if (!stacks_[at].empty(std::memory_order_seq_cst)) return true;
    return false;
}

WEFT_INLINE void graph_run::help(index helper) {
    constexpr auto patience = std::chrono::microseconds(50);
    if (phase_.load(std::memory_order_acquire) == phase::walked && !open_as_helper(helper)) return;
    if (settled() != phase::open) return;
    worker self(helper, run_.load(std::memory_order_acquire));
    work({}, self);
    auto last_work = clock::now();
    while (!is_over(self.run)) {
        if (const unit_range found = steal(self); found.count != 0) {
            work(found, self);
            last_work = clock::now();
            continue;
        }
        for (int spins = 0; spins < 8 && !is_over(self.run); ++spins) pause();
        if (clock::now() - last_work > patience) return;
    }
}

}  // namespace weft::pool
