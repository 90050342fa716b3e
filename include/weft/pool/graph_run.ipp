// SPDX-License-Identifier: MIT
// A run as its caller sees it: a walk through all tasks in order, unless others step in.
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

/// A run is under way, of one thread at a time, until it is left in whatever way. Its end is the last that a
/// run touches: whoever destroys the graph waits for it.
struct graph_run::occupied {
    explicit occupied(graph_run& run) : running(run.running_) {
        if (running.exchange(true, std::memory_order_acquire))
            throw std::logic_error(
                "weft: this graph is running already; make another executor to run it from a task or a "
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
    std::atomic_signal_fence(std::memory_order_seq_cst);  // the other side of `workers::rest`
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
        // Others step in, the run is to stop, or all is done: nothing lies before the limit then.
        from = cursor_.position.load(std::memory_order_relaxed);
        if (settled() == phase::open) return run_open(from, {});
        if (from == layout_.tasks) return true;
        if (stopping_.load(std::memory_order_seq_cst)) {
            cancel(from);
            return false;
        }
    }
}

/// Nothing from position `from` on was begun.
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
    if (position == layout_.tasks) throw std::out_of_range("weft: the graph has no task of this number");
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
