// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/helper_threads.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace weft::os {

WEFT_INLINE std::string thread_trouble(const std::system_error& error) {
    return "cannot start a thread (" + error.code().message() +
           "): a limit of this user, container or process is reached; see `ulimit -u` and `ulimit -v`";
}

struct helper_threads::state {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> queue;
    std::vector<std::thread> threads;
    std::size_t idle = 0;
    bool closing = false;

    void serve() {
        std::unique_lock lock(mutex);
        for (;;) {
            ++idle;
            changed.wait(lock, [this] { return closing || !queue.empty(); });
            --idle;
            if (closing) return;
            const std::function<void()> work = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            work();
            lock.lock();
        }
    }

    void start() {
        threads.emplace_back([this] { serve(); });
    }

    void close() {
        {
            const std::lock_guard lock(mutex);
            closing = true;
        }
        changed.notify_all();
        for (std::thread& thread : threads) thread.join();
    }
};

WEFT_INLINE helper_threads::helper_threads(unsigned most) : state_(std::make_unique<state>()) {
    state_->threads.reserve(most);
    try {
        state_->start();
    } catch (const std::system_error& error) {
        throw std::runtime_error(thread_trouble(error));
    }
}

WEFT_INLINE helper_threads::~helper_threads() {
    state_->close();
}

WEFT_INLINE void helper_threads::run(std::function<void()> work) {
    {
        const std::lock_guard lock(state_->mutex);
        state_->queue.push_back(std::move(work));
        if (state_->queue.size() > state_->idle && state_->threads.size() < state_->threads.capacity()) {
            try {
                state_->start();
            } catch (const std::exception&) {
                // The existing threads work through the queue.
            }
        }
    }
    state_->changed.notify_one();
}

}  // namespace weft::os
