// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/layout.hpp>
#include <weft/unique_ptr.hpp>

#include <atomic>

namespace weft::pool {

/// Something that idle helpers may take part in. All but `help` is called with the registry locked, so it is
/// short.
class shared_work {
public:
    /// Work is ready that nobody has begun.
    virtual bool has_surplus() const = 0;
    /// A run of all is under way.
    virtual bool is_open() const = 0;
    /// One thread has been at it alone for a while, and slowly: worth stepping in. Called every few
    /// microseconds.
    virtual bool seems_slow() = 0;
    /// How many runs were begun: tells whether anything goes on.
    virtual index runs_begun() const = 0;
    virtual bool is_walked() const = 0;
    /// Takes part until there is nothing left to do.
    virtual void help(index worker) = 0;

    std::atomic<index> visitors{0};  ///< helpers within `help`

protected:
    ~shared_work() = default;
};

/// The helper threads. The thread that runs a graph works on it itself, so `threads` counts it: 1 means none
/// but the caller. Several graphs may run at once, and a task may run a graph on the same workers: whoever
/// waits for a run works on that run only, so waiting goes strictly inwards and ends.
///
/// Idle helpers look out for 50 us after their last work, then sleep. One of them, the watch, looks up every
/// millisecond while runs go on: a run that began as a walk of one thread gets help even if its thread is
/// stuck in a long task. Whenever helpers sleep, one of them is the watch, or the next walk wakes one.
class workers {
public:
    /// 0: as many as the machine has processors, or as the system gives. Throws `std::runtime_error` when
    /// `threads` are asked for that it does not give.
    explicit workers(unsigned threads = 0);
    /// No run may be under way.
    ~workers();
    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    index threads() const { return threads_; }

    void add(shared_work& work);
    /// Returns when no helper is in it any more.
    void remove(shared_work& work);

    /// A run begins as a walk of one thread: somebody should keep an eye on it. One load unless all have
    /// been asleep for a while.
    void walk_begins() {
        if (unwatched_.load(std::memory_order_relaxed)) wake_watch();
    }
    /// A run has become everybody's.
    void run_opens() {
        calls_.fetch_add(1, std::memory_order_seq_cst);
        surplus();
    }
    /// There is something to take.
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
