// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/duration.hpp>
#include <weft/pool/fence.hpp>
#include <weft/pool/pause.hpp>
#include <weft/pool/workers.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace weft::pool {

struct workers::state {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<shared_work*> registry;
    std::vector<std::thread> threads;
    index wakes = 0;  // number of sleepers that have been notified
    bool closing = false;
    bool watching = false;  // one of the sleepers is the watcher
    index runs_seen = 0;
    int quiet_naps = 0;
};

WEFT_INLINE workers::workers(unsigned threads)
    : threads_(std::max(1U, threads == 0 ? std::thread::hardware_concurrency() : threads)),
      state_(std::make_unique<state>()) {
    has_heavy_fence();
    try {
        for (index worker = 1; worker < threads_; ++worker)
            state_->threads.emplace_back([this, worker] { serve(worker); });
    } catch (const std::system_error& error) {
        // The default may be reduced; an explicit number must be met.
        if (threads == 0) {
            threads_ = static_cast<index>(state_->threads.size()) + 1;
            return;
        }
        close();
        throw std::runtime_error("only " + std::to_string(state_->threads.size() + 1) + " of " +
                                 std::to_string(threads) + " threads could be started (" +
                                 error.code().message() + "): see `ulimit -u` and `ulimit -v`");
    }
}

WEFT_INLINE workers::~workers() {
    close();
}

WEFT_INLINE void workers::close() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->closing = true;
    }
    state_->changed.notify_all();
    for (std::thread& thread : state_->threads) thread.join();
}

WEFT_INLINE void workers::add(shared_work& work) {
    const std::lock_guard lock(state_->mutex);
    state_->registry.push_back(&work);
}

WEFT_INLINE void workers::remove(shared_work& work) {
    {
        const std::lock_guard lock(state_->mutex);
        std::erase(state_->registry, &work);
    }
    while (work.visitors.load(std::memory_order_acquire) != 0) std::this_thread::yield();
}

WEFT_INLINE void workers::wake() {
    const std::lock_guard lock(state_->mutex);
    wake_one();
}

WEFT_INLINE void workers::wake_watch() {
    const std::lock_guard lock(state_->mutex);
    unwatched_.store(false, std::memory_order_relaxed);  // the thread that wakes becomes the watcher
    wake_one();
}

/// Called with the registry locked.
WEFT_INLINE void workers::wake_one() {
    const index sleeping = sleeping_.load(std::memory_order_relaxed);
    if (sleeping <= 1) unwatched_.store(false, std::memory_order_relaxed);  // no sleeper is left
    if (sleeping == 0) return;
    sleeping_.store(sleeping - 1, std::memory_order_relaxed);  // so that it is not woken twice
    ++state_->wakes;
    state_->changed.notify_one();
}

/// A run to join, with a visit begun; or none. After a run was `opened`, it waits in a run without ready
/// units too: in a diamond, they appear one task later.
WEFT_INLINE shared_work* workers::find(bool opened) {
    const std::lock_guard lock(state_->mutex);
    for (shared_work* work : state_->registry) {
        if (!work->has_surplus() && !(opened && work->is_open()) && !work->seems_slow()) continue;
        work->visitors.fetch_add(1, std::memory_order_acquire);
        leave_watch(*work);
        return work;
    }
    return nullptr;
}

/// Called when a helper is about to be busy, perhaps for long. If others sleep and none of them is the
/// watcher, the next walk must wake one. So must a walk in progress, or it would stay alone although its
/// tasks may need each other. Called with the registry locked.
WEFT_INLINE void workers::leave_watch(const shared_work& visited) {
    const state& s = *state_;
    const bool nobody_sleeps = sleeping_.load(std::memory_order_relaxed) == 0;
    if (nobody_sleeps || s.watching || s.wakes != 0 || unwatched_.load(std::memory_order_relaxed)) return;
    unwatched_.store(true, std::memory_order_seq_cst);
    heavy_fence();
    for (const shared_work* work : s.registry) {
        if (work == &visited || !work->is_walked()) continue;
        unwatched_.store(false, std::memory_order_relaxed);
        return wake_one();
    }
}

/// The main function of a helper thread.
WEFT_INLINE void workers::serve(index worker) {
    using clock = std::chrono::steady_clock;
    constexpr auto patience = std::chrono::microseconds(50);  // about the time of a futex wake
    constexpr auto look = std::chrono::microseconds(2);  // interval, so that walkers keep their cache lines
    auto last_work = clock::now();
    index heard = 0;
    while (true) {
        const index calls = calls_.load(std::memory_order_seq_cst);
        if (shared_work* work = find(std::exchange(heard, calls) != calls)) {
            work->help(worker);
            work->visitors.fetch_sub(1, std::memory_order_release);
            last_work = clock::now();
            continue;
        }
        const auto now = clock::now();
        if (now - last_work < patience) {
            while (calls_.load(std::memory_order_relaxed) == calls && clock::now() - now < look) pause();
            continue;
        }
        rest();
        {
            const std::lock_guard lock(state_->mutex);
            if (state_->closing) return;
        }
        // One more poll after the first, which only records the positions of the walks.
        last_work = clock::now() - patience + 3 * look;
    }
}

/// Sleeps until woken; the watcher sleeps only a millisecond while runs are in progress.
WEFT_INLINE void workers::rest() {
    constexpr auto nap = std::chrono::milliseconds(1);
    constexpr int naps = 20;  // without a run, after which the watcher sleeps too
    state& s = *state_;
    std::unique_lock lock(s.mutex);
    sleeping_.fetch_add(1, std::memory_order_seq_cst);
    const auto some = [&](auto property) {
        return std::any_of(s.registry.begin(), s.registry.end(), property);
    };
    const auto woken = [&] { return s.wakes != 0 || s.closing; };
    if (!woken() && !some([](shared_work* work) { return work->has_surplus(); })) {
        if (s.watching) {
            s.changed.wait(lock, woken);
        } else {
            index runs = 0;
            for (shared_work* work : s.registry) runs += work->runs_begun();
            s.quiet_naps = runs == s.runs_seen ? s.quiet_naps + 1 : 0;
            s.runs_seen = runs;
            const auto walked = [](shared_work* work) { return work->is_walked(); };
            s.watching = true;
            bool asleep = s.quiet_naps > naps && !some(walked);
            if (asleep) {
                // A walk that begins from now on wakes the watcher; the second poll sees one that began
                // before.
                unwatched_.store(true, std::memory_order_seq_cst);
                heavy_fence();
                asleep = !some(walked);
            }
            if (asleep) {
                s.watching = false;
                s.changed.wait(lock, woken);
            } else {
                unwatched_.store(false, std::memory_order_relaxed);
                s.changed.wait_for(lock, nap, woken);
                s.watching = false;
            }
        }
    }
    if (s.wakes != 0)
        --s.wakes;
    else
        sleeping_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace weft::pool
