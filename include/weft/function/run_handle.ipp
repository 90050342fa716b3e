// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/function/run_handle.hpp>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace weft {

struct run_handle::state {
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    bool finished = false;
    std::exception_ptr error;
    std::stop_source stop;
    std::thread thread;

    ~state() {
        stop.request_stop();
        if (thread.joinable()) thread.join();  // otherwise the thread could not be started
    }
    void run(const std::function<bool(const std::stop_token&)>& what) {
        bool result = false;
        std::exception_ptr thrown;
        try {
            result = what(stop.get_token());
        } catch (...) {
            thrown = std::current_exception();
        }
        const std::lock_guard lock(mutex);
        finished = result;
        error = std::move(thrown);
        done = true;
        ended.notify_all();
    }
};

WEFT_INLINE run_handle::run_handle(std::function<bool(const std::stop_token&)> run)
    : state_(std::make_unique<state>()) {
    state_->thread = std::thread([target = state_.get(), what = std::move(run)] { target->run(what); });
}

WEFT_INLINE run_handle::run_handle(run_handle&&) noexcept = default;
WEFT_INLINE run_handle& run_handle::operator=(run_handle&&) noexcept = default;
WEFT_INLINE run_handle::~run_handle() = default;

WEFT_INLINE bool run_handle::get() {
    wait();
    if (state_->error) std::rethrow_exception(state_->error);
    return state_->finished;
}

WEFT_INLINE void run_handle::wait() const {
    std::unique_lock lock(state_->mutex);
    state_->ended.wait(lock, [&] { return state_->done; });
}

WEFT_INLINE bool run_handle::wait_for(std::chrono::nanoseconds time) const {
    std::unique_lock lock(state_->mutex);
    return state_->ended.wait_for(lock, time, [&] { return state_->done; });
}

WEFT_INLINE void run_handle::request_stop() {
    state_->stop.request_stop();
}

}  // namespace weft
