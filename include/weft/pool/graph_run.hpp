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

/// What became of a task in the last run.
enum class task_state : std::uint8_t {
    finished,
    failed,     ///< threw
    skipped,    ///< a task that it depends on threw
    cancelled,  ///< the run was stopped before it began
};

/// Runs one graph, many times, without allocating. A run begins as a walk of the caller through all tasks in
/// order, at the cost of direct calls. A helper that has nothing to do sees it; when the walk is slow, the
/// helper opens the run: it counts the joins that are left, and from there on everybody takes what is ready.
/// A graph that was slow last time is opened at once.
///
/// So small tasks cost what a loop costs, large ones are shared, and nobody has to say which are which.
class graph_run final : public shared_work {
public:
    using walk_function = bool (*)(void* bodies, cursor& at, index from);

    graph_run(workers& pool, layout_view layout, walk_function walk, void* bodies);
    /// Waits for a run that another thread has under way, which is asked to stop.
    ~graph_run();
    graph_run(const graph_run&) = delete;
    graph_run& operator=(const graph_run&) = delete;

    /// Runs all tasks. False: some failed, or the run was stopped; all others that can run have run.
    /// Throws std::logic_error when this graph is under way already: a task cannot run the graph it is part
    /// of.
    bool run();
    /// The same; no task is begun once a stop was requested.
    bool run(const std::stop_token& stop);

    /// Of a run that another thread has under way: no task is begun any more. For who destroys it afterwards.
    void interrupt();

    /// Of the last run, in the order in which they happened.
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

    // opening.ipp: from a walk of one to a run of all, and back
    bool claim();
    phase settled() const;
    bool open_as_helper(index helper);
    void open(index position, index opener);
    bool run_open(index from, std::exception_ptr error);
    void close(const worker& self);

    // sharing.ipp: what everybody does in an open run
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
    /// Numbers wrap around.
    bool is_over(index run) const {
        return static_cast<std::int32_t>(over_.load(std::memory_order_seq_cst) - run) >= 0;
    }

    workers& pool_;
    const layout_view layout_;
    const walk_function walk_;
    void* const bodies_;
    const bool may_walk_;  // helpers can step into a walk
    bool open_at_once_;    // what the last open run taught
    cursor cursor_;

    alignas(64) std::atomic<phase> phase_{phase::walked};
    std::atomic<bool> running_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<bool> dirty_{false};  // something failed or was cancelled
    index opened_at_ = 0;             // position of the walk when it was opened
    std::atomic<index> run_{0};       // number of the last run that was opened

    alignas(64) std::atomic<index> over_{0};  // number of the last open run that ended
    std::atomic<bool> caller_asleep_{false};  // until `signal_` changes
    std::atomic<index> signal_{0};

    index seen_runs_ = 0;  // what the watch saw last
    index seen_position_ = none;
    clock::time_point seen_at_{};

    std::unique_ptr<std::atomic<index>[]>
        unmet_;  // unit -> joins to come; padded they were slower: more lines
    std::unique_ptr<std::atomic<index>[]> links_;
    std::unique_ptr<std::atomic<index>[]> counts_;
    ready_links ready_;
    std::unique_ptr<ready_stack[]> stacks_;         // worker -> what it has ready
    std::unique_ptr<std::atomic<bool>[]> skip_;     // unit -> one that it depends on did not finish
    std::unique_ptr<std::atomic<index>[]> broken_;  // unit -> position of the first task that did not finish
    std::mutex failing_;
    std::vector<failure> failures_;
};

/// What one thread has at hand in an open run.
struct graph_run::worker {
    worker(index its_number, index its_run) : number(its_number), run(its_run) {}

    index number;
    index run;
    index joined = 0;  // joins at the only successor of the unit at hand that are not yet counted
    index ran = 0;
    index sampled = 0;
    clock::duration sample{};
    cursor at;
};

}  // namespace weft::pool
