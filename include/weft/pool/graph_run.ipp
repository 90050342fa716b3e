// SPDX-License-Identifier: MIT
// A run from the caller's side: a walk through all tasks in order, unless helpers take over.
#pragma once

#include <weft/config.hpp>
#include <weft/pool/fence.hpp>
#include <weft/pool/graph_run.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace weft::pool {

WEFT_INLINE graph_run::graph_run(workers& pool, layout_view layout, walk_function walk, void* bodies)
    : pool_(pool),
      layout_(layout),
      walk_(walk),
      bodies_(bodies),
      may_walk_(pool.threads() == 1 || has_heavy_fence()),
      open_at_once_(!may_walk_ && layout.units > 1),
      unmet_(std::make_unique<std::atomic<index>[]>(layout.units + 1)),
      links_(std::make_unique<std::atomic<index>[]>(layout.units + 1)),
      counts_(std::make_unique<std::atomic<index>[]>(layout.units + 1)),
      ready_{links_.get(), counts_.get()},
      stacks_(std::make_unique<ready_stack[]>(pool.threads())),
      skip_(std::make_unique<std::atomic<bool>[]>(layout.units + 1)),
      broken_(std::make_unique<std::atomic<index>[]>(layout.units + 1)) {
    cursor_.position.store(layout_.tasks, std::memory_order_relaxed);
    cursor_.limit.store(none, std::memory_order_relaxed);
    forget();
    pool_.add(*this);
}

WEFT_INLINE graph_run::~graph_run() {
    if (running_.load(std::memory_order_acquire)) {
        interrupt();
        while (running_.load(std::memory_order_acquire)) std::this_thread::yield();
    }
    pool_.remove(*this);
}

/// Marks the run as in progress, by one thread at a time. Its destructor is the last access of a run to the
/// graph: the graph's destructor waits for it.
struct graph_run::occupied {
    explicit occupied(graph_run& run) : running(run.running_) {
        if (running.exchange(true, std::memory_order_acquire))
            throw std::logic_error(
                "weft: this graph is already running: create another executor to run it from a task or a "
                "second thread");
    }
    occupied(const occupied&) = delete;
    occupied& operator=(const occupied&) = delete;
    ~occupied() { running.store(false, std::memory_order_release); }

    std::atomic<bool>& running;
};

WEFT_INLINE bool graph_run::run() {
    const occupied by_this(*this);
    return run_once();
}

WEFT_INLINE bool graph_run::run(const std::stop_token& stop) {
    if (!stop.stop_possible()) return run();
    const occupied by_this(*this);
    bool finished = false;
    {
        const std::stop_callback on_stop(stop, [this] { interrupt(); });
        finished = run_once();
    }
    if (stopping_.load(std::memory_order_relaxed)) {
        claim();  // so that no helper writes the limit at the same time
        stopping_.store(false, std::memory_order_relaxed);
        cursor_.limit.store(none, std::memory_order_relaxed);
        phase_.store(phase::walked, std::memory_order_release);
    }
    return finished;
}

WEFT_INLINE void graph_run::interrupt() {
    stopping_.store(true, std::memory_order_seq_cst);
    cursor_.limit.store(0, std::memory_order_seq_cst);
}

WEFT_INLINE bool graph_run::run_once() {
    if (dirty_.load(std::memory_order_relaxed)) forget();
    cursor_.runs.store(cursor_.runs.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (open_at_once_) {
        claim();
        open(0, 0);
        return run_open(0, {});
    }
    cursor_.position.store(0, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // pairs with the fence in `workers::rest`
    pool_.walk_begins();
    return run_walk();
}

WEFT_INLINE bool graph_run::run_walk() {
    index from = 0;
    while (true) {
        bool complete = false;
        try {
            complete = walk_(bodies_, cursor_, from) && cursor_.enter(layout_.tasks);
        } catch (...) {
            const index position = cursor_.position.load(std::memory_order_relaxed);
            if (claim()) open(position, 0);
            return run_open(position, std::current_exception());
        }
        if (complete) return true;
        // Helpers take over, the run is stopped, or all tasks are done: no task remains before the limit.
        from = cursor_.position.load(std::memory_order_relaxed);
        if (settled() == phase::open) return run_open(from, {});
        if (from == layout_.tasks) return true;
        if (stopping_.load(std::memory_order_seq_cst)) {
            cancel(from);
            return false;
        }
    }
}

/// Cancels all tasks from position `from` on.
WEFT_INLINE void graph_run::cancel(index from) {
    index unit = unit_at(from);
    broken_[unit].store(from, std::memory_order_relaxed);
    while (++unit < layout_.units)
        broken_[unit].store(layout_.first_position[unit], std::memory_order_relaxed);
    dirty_.store(true, std::memory_order_relaxed);
    cursor_.position.store(layout_.tasks, std::memory_order_release);
}

WEFT_INLINE void graph_run::forget() {
    for (index unit = 0; unit < layout_.units; ++unit) {
        skip_[unit].store(false, std::memory_order_relaxed);
        broken_[unit].store(none, std::memory_order_relaxed);
    }
    failures_.clear();
    dirty_.store(false, std::memory_order_relaxed);
}

WEFT_INLINE task_state graph_run::state_of(index task) const {
    if (!dirty_.load(std::memory_order_acquire)) return task_state::finished;
    const index* const found = std::find(layout_.task_at, layout_.task_at + layout_.tasks, task);
    const index position = static_cast<index>(found - layout_.task_at);
    if (position == layout_.tasks) throw std::out_of_range("weft: the graph has no task with this number");
    const index unit = unit_at(position);
    const index broken = broken_[unit].load(std::memory_order_relaxed);
    if (position < broken) return task_state::finished;
    if (skip_[unit].load(std::memory_order_relaxed)) return task_state::skipped;
    for (const failure& failed : failures_) {
        if (failed.task == task) return task_state::failed;
        if (failed.task == layout_.task_at[broken]) return task_state::skipped;
    }
    return task_state::cancelled;
}

}  // namespace weft::pool
