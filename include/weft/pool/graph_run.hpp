// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>
#include <weft/pool/cursor.hpp>
#include <weft/pool/layout.hpp>
#include <weft/pool/ready_stack.hpp>
#include <weft/pool/workers.hpp>
#include <weft/unique_ptr.hpp>

#include <exception>
#include <mutex>
#include <stop_token>
#include <vector>

namespace weft::pool {

/// A task that threw.
struct failure {
    index task = none;
    std::exception_ptr error;
};

/// The status of a task in the last run.
enum class task_state : std::uint8_t {
    finished,
    failed,     ///< threw
    skipped,    ///< a task that it depends on threw
    cancelled,  ///< the run was stopped before the task began
};

/// Runs one graph, many times, without allocating. A run begins as a walk: the caller runs all tasks in
/// order, at the cost of direct calls. An idle helper notices it; if the walk is slow, the helper opens the
/// run: it counts the remaining joins, and from then on all threads take ready tasks. If the graph was slow
/// last time, the run is opened at once.
///
/// So small tasks cost no more than a loop, large ones are shared, and the user need not say which are which.
class graph_run final : public shared_work {
public:
    using walk_function = bool (*)(void* bodies, cursor& at, index from);

    graph_run(workers& pool, layout_view layout, walk_function walk, void* bodies);
    /// Stops a run in progress on another thread and waits for it.
    ~graph_run();
    graph_run(const graph_run&) = delete;
    graph_run& operator=(const graph_run&) = delete;

    /// Runs all tasks. Returns false if some failed or the run was stopped; all other tasks that can run have
    /// run. Throws std::logic_error if this graph is already running: a task cannot run its own graph.
    bool run();
    /// The same; begins no task after a stop request.
    bool run(const std::stop_token& stop);

    /// For a run in progress on another thread: begins no further task. Call it before destroying the graph.
    void interrupt();

    /// Failures of the last run, in order of time.
    const std::vector<failure>& failures() const { return failures_; }
    task_state state_of(index task) const;

    bool has_surplus() const override;
    bool is_open() const override {
        return phase_.load(std::memory_order_acquire) == phase::open &&
               !is_over(run_.load(std::memory_order_relaxed));
    }
    bool seems_slow() override;
    index runs_begun() const override { return cursor_.runs.load(std::memory_order_relaxed); }
    bool is_walked() const override {
        return cursor_.position.load(std::memory_order_acquire) < layout_.tasks &&
               phase_.load(std::memory_order_relaxed) != phase::open;
    }
    void help(index worker) override;

private:
    using clock = std::chrono::steady_clock;
    enum class phase : std::uint8_t { walked, opening, open };
    struct worker;

    // graph_run.ipp: the caller's walk
    struct occupied;
    bool run_once();
    bool run_walk();
    void cancel(index from);
    void forget();

    // opening.ipp: from a walk by one thread to a run by all, and back
    bool claim();
    phase settled() const;
    bool open_as_helper(index helper);
    void open(index position, index opener);
    bool run_open(index from, std::exception_ptr error);
    void close(const worker& self);

    // sharing.ipp: the work of all threads in an open run
    index unit_at(index position) const;
    index only_successor(index unit) const;
    bool run_unit(index unit, index from, worker& self);
    void fail(index unit, index position, std::exception_ptr error);
    unit_range complete(index unit, bool finished, index next, worker& self);
    unit_range join(index unit, index count, const worker& self);
    void hand_out(unit_range range, worker& self);
    void wake_caller();
    unit_range steal(worker& self);
    void work(unit_range range, worker& self);
    void work_until_over(worker& self);
    /// The numbers wrap around.
    bool is_over(index run) const {
        return static_cast<std::int32_t>(over_.load(std::memory_order_seq_cst) - run) >= 0;
    }

    workers& pool_;
    const layout_view layout_;
    const walk_function walk_;
    void* const bodies_;
    const bool may_walk_;  // helpers can take over a walk
    bool open_at_once_;    // the result of the last open run
    cursor cursor_;

    alignas(64) std::atomic<phase> phase_{phase::walked};
    std::atomic<bool> running_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<bool> dirty_{false};  // a task failed or was cancelled
    index opened_at_ = 0;             // position of the walk when it was opened
    std::atomic<index> run_{0};       // number of the last opened run

    alignas(64) std::atomic<index> over_{0};  // number of the last open run that has ended
    std::atomic<bool> caller_asleep_{false};  // until `signal_` changes
    std::atomic<index> signal_{0};

    index seen_runs_ = 0;  // at the watcher's last check
    index seen_position_ = none;
    clock::time_point seen_at_{};

    std::unique_ptr<std::atomic<index>[]>
        unmet_;  // unit -> remaining joins; padding made it slower (more cache lines)
    std::unique_ptr<std::atomic<index>[]> links_;
    std::unique_ptr<std::atomic<index>[]> counts_;
    ready_links ready_;
    std::unique_ptr<ready_stack[]> stacks_;         // worker -> its ready units
    std::unique_ptr<std::atomic<bool>[]> skip_;     // unit -> one of its predecessors did not finish
    std::unique_ptr<std::atomic<index>[]> broken_;  // unit -> position of the first task that did not finish
    std::mutex failing_;
    std::vector<failure> failures_;
};

/// The state of one thread in an open run.
struct graph_run::worker {
    worker(index its_number, index its_run) : number(its_number), run(its_run) {}

    index number;
    index run;
    index joined = 0;  // finished joins of the current unit's only successor that are not yet counted
    index ran = 0;
    index sampled = 0;
    clock::duration sample{};
    cursor at;
};

}  // namespace weft::pool
