// SPDX-License-Identifier: MIT
// Turns a walk by one thread into a run by all, and back.
#pragma once

#include <weft/config.hpp>
#include <weft/pool/fence.hpp>
#include <weft/pool/graph_run.hpp>
#include <weft/pool/pause.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace weft::pool::detail {

/// Sharing costs some 50 ns a task (joins and steals between processors); for tasks shorter than three times
/// that, a walk is faster.
inline constexpr std::chrono::nanoseconds worth_sharing{150};

/// Sharing a run costs some 3 us to begin, so a diamond of 1 us tasks is slower on two threads than on one:
/// the rest of a run must take longer than this.
inline constexpr std::chrono::microseconds worth_opening{8};

}  // namespace weft::pool::detail

namespace weft::pool {

/// Waits for a helper that is opening the run or leaving it.
WEFT_INLINE graph_run::phase graph_run::settled() const {
    phase now = phase_.load(std::memory_order_acquire);
    for (int spins = 0; now == phase::opening; now = phase_.load(std::memory_order_acquire))
        if (++spins < 100)
            pause();
        else
            std::this_thread::yield();
    return now;
}

/// Claims the right to open the run. False if a helper has opened it.
WEFT_INLINE bool graph_run::claim() {
    while (settled() == phase::walked) {
        phase expected = phase::walked;
        if (phase_.compare_exchange_strong(expected, phase::opening, std::memory_order_acq_rel)) return true;
    }
    return false;
}

/// The watcher's decision: whether it is the same run as at the last check, and slow.
WEFT_INLINE bool graph_run::seems_slow() {
    if (!may_walk_ || layout_.units < 2 || phase_.load(std::memory_order_acquire) != phase::walked)
        return false;
    const index position = cursor_.position.load(std::memory_order_relaxed);
    const index runs = cursor_.runs.load(std::memory_order_relaxed);
    if (position >=
        layout_.first_position[layout_.units - 1]) {  // between runs, or too little is left to share
        seen_position_ = none;
        return false;
    }
    const auto now = clock::now();
    const bool comparable = seen_position_ != none && runs == seen_runs_ && position >= seen_position_;
    const index begun = comparable ? position - seen_position_ + 1 : 1;
    const auto each = comparable ? (now - seen_at_) / begun : clock::duration{};
    const bool slow =
        each > detail::worth_sharing && each * (layout_.tasks - position) > detail::worth_opening;
    if (comparable && position == seen_position_) return slow;  // for one long task the whole time counts
    seen_position_ = position;
    seen_runs_ = runs;
    seen_at_ = now;
    return slow;
}

/// Takes over a walk. False if it has ended meanwhile.
WEFT_INLINE bool graph_run::open_as_helper(index helper) {
    phase expected = phase::walked;
    if (!phase_.compare_exchange_strong(expected, phase::opening, std::memory_order_acq_rel)) return true;
    cursor_.limit.store(0, std::memory_order_seq_cst);
    heavy_fence();
    // From here on the walker begins no further task.
    const index position = cursor_.position.load(std::memory_order_acquire);
    if (position >= layout_.first_position[layout_.units - 1]) {
        cursor_.limit.store(none, std::memory_order_seq_cst);
        if (stopping_.load(std::memory_order_seq_cst)) cursor_.limit.store(0, std::memory_order_seq_cst);
        phase_.store(phase::walked, std::memory_order_release);
        return false;
    }
    open(position, helper);
    return true;
}

/// Counts the joins that remain when all tasks before `position` are done and its unit is running; pushes the
/// ready units on the opener's stack. Costs at most as much as the walk so far, and a pass over the rest of
/// the graph.
WEFT_INLINE void graph_run::open(index position, index opener) {
    const index run = run_.load(std::memory_order_relaxed) + 1;
    opened_at_ = position;
    for (index at = 0; at < pool_.threads(); ++at) stacks_[at].reset(run);
    for (index unit = 0; unit <= layout_.units; ++unit)
        unmet_[unit].store(layout_.waits[unit], std::memory_order_relaxed);
    const index current = unit_at(position);
    for (index row = 0; row < layout_.first_successor[current]; ++row) {
        std::atomic<index>& unmet = unmet_[layout_.successors[row]];
        unmet.store(unmet.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    }
    unit_range ready;
    const auto put = [&] {
        if (ready.count != 0) stacks_[opener].push(run, std::exchange(ready, {}), ready_);
    };
    for (index unit = current + 1; unit < layout_.units; ++unit) {
        if (unmet_[unit].load(std::memory_order_relaxed) != 0) {
            put();
        } else if (ready.count++ == 0) {
            ready.first = unit;
        }
    }
    put();
    run_.store(run, std::memory_order_release);
    phase_.store(phase::open, std::memory_order_release);
    pool_.run_opens();
}

/// The caller's part of an open run. `from` is the position at which the run was opened: its task has not
/// begun or threw `error`; or the position after it.
WEFT_INLINE bool graph_run::run_open(index from, std::exception_ptr error) {
    worker self(0, run_.load(std::memory_order_acquire));
    const index unit = unit_at(opened_at_);
    bool finished = false;
    if (error)
        fail(unit, from, std::move(error));
    else
        finished = run_unit(unit, from, self);
    work(complete(unit, finished, none, self), self);
    work_until_over(self);
    close(self);
    return !dirty_.load(std::memory_order_acquire);
}

WEFT_INLINE void graph_run::close(const worker& self) {
    const bool slow = self.sampled != 0 && self.sample > self.sampled * detail::worth_sharing &&
                      self.sample / self.sampled * layout_.tasks > detail::worth_opening;
    open_at_once_ = pool_.threads() > 1 && layout_.units > 1 && (slow || !may_walk_);
    cursor_.position.store(layout_.tasks, std::memory_order_relaxed);
    if (!stopping_.load(std::memory_order_relaxed)) cursor_.limit.store(none, std::memory_order_relaxed);
    phase_.store(phase::walked, std::memory_order_release);
}

}  // namespace weft::pool
