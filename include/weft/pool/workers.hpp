// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/layout.hpp>
#include <weft/unique_ptr.hpp>

#include <atomic>

namespace weft::pool {

/// A run that idle helpers can join. All functions but `help` are called with the registry locked and must be
/// short.
class shared_work {
public:
    /// Whether there are ready units that no thread has begun.
    virtual bool has_surplus() const = 0;
    /// Whether the run is open to all threads.
    virtual bool is_open() const = 0;
    /// Whether one thread has run alone and slowly for a while, so that joining is worthwhile. Called every
    /// few microseconds.
    virtual bool seems_slow() = 0;
    /// The number of runs begun, which shows progress.
    virtual index runs_begun() const = 0;
    virtual bool is_walked() const = 0;
    /// Works on the run until no work is left.
    virtual void help(index worker) = 0;

    std::atomic<index> visitors{0};  ///< helpers within `help`

protected:
    ~shared_work() = default;
};

/// The helper threads. The thread that runs a graph works on it too, so `threads` includes it: 1 means only
/// the caller. Several graphs may run at once, and a task may run a graph on the same workers: a thread that
/// waits for a run works only on that run, so waiting is strictly nested and ends.
///
/// Idle helpers poll for 50 us after their last work, then sleep. One of them, the watcher, polls every
/// millisecond while runs are in progress: so a walk gets help even if its thread is in a long task. Whenever
/// helpers sleep, one of them is the watcher, or the next walk wakes one.
class workers {
public:
    /// 0: as many as the machine has processors, or fewer if the system refuses more. Throws
    /// `std::runtime_error` if the system refuses an explicit number of `threads`.
    explicit workers(unsigned threads = 0);
    /// No run may be in progress.
    ~workers();
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    index threads() const { return threads_; }

    void add(shared_work& work);
    /// Returns when no helper uses it any more.
    void remove(shared_work& work);

    /// A walk begins: a helper should watch it. Costs one load unless all helpers have slept for a while.
    void walk_begins() {
        if (unwatched_.load(std::memory_order_relaxed)) wake_watch();
    }
    /// A run was opened to all threads.
    void run_opens() {
        calls_.fetch_add(1, std::memory_order_seq_cst);
        surplus();
    }
    /// There are ready units to take.
    void surplus() {
        if (sleeping_.load(std::memory_order_seq_cst) != 0) wake();
    }

private:
    struct state;
    void close();
    void wake();
    void wake_watch();
    void wake_one();
    void serve(index worker);
    shared_work* find(bool opened);
    void leave_watch(const shared_work& visited);
    void rest();

    index threads_;
    std::atomic<index> calls_{0};
    std::atomic<index> sleeping_{0};
    std::atomic<bool> unwatched_{false};
    std::unique_ptr<state> state_;
};

}  // namespace weft::pool
