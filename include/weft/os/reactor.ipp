// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/helper_threads.hpp>
#include <weft/os/reactor.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace weft::os {

struct reactor::implementation {
    boost::asio::io_context loop{1};
    // Function tasks may occupy one thread per processor for long; the further ones serve the journal.
    helper_threads helpers{std::max(4u, std::thread::hardware_concurrency()) + 4};
};

namespace detail {

/// A timer that drops its action when it is destroyed, even from within the action.
class timer_alarm final : public clock::alarm {
public:
    timer_alarm(boost::asio::io_context& loop, clock::steady::duration delay, std::function<void()> action)
        : timer_(loop, delay), action_(std::make_shared<std::function<void()>>(std::move(action))) {
        timer_.async_wait([action = std::weak_ptr(action_)](const boost::system::error_code& error) {
            if (const auto due = action.lock(); due && !error) (*due)();
        });
    }

private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<std::function<void()>> action_;
};

/// Signals as events. Asio resets dispositions to the default, so the previous ones are restored here.
class signal_alarm final : public clock::alarm {
public:
    signal_alarm(boost::asio::io_context& loop, std::initializer_list<int> signals,
                 std::function<void(int)> action)
        : loop_(loop),
          signals_(loop),
          action_(std::make_shared<std::function<void(int)>>(std::move(action))) {
        for (const int signal : signals) {
            struct sigaction former {};
            ::sigaction(signal, nullptr, &former);
            // A signal that the user has ignored (nohup) stays ignored.
            if (former.sa_handler == SIG_IGN) continue;
            former_.emplace_back(signal, former);
            signals_.add(signal);
        }
        wait();
    }
    signal_alarm(const signal_alarm&) = delete;
    signal_alarm& operator=(const signal_alarm&) = delete;
    ~signal_alarm() override {
        boost::system::error_code ignored;
        signals_.clear(ignored);  // NOLINT(bugprone-unused-return-value): the error is returned twice
        for (const auto& [signal, former] : former_) ::sigaction(signal, &former, nullptr);
    }

private:
    /// A signal may never arrive, so it must not count as work that keeps the loop running.
    void wait() {
        signals_.async_wait([this, &loop = loop_, action = std::weak_ptr(action_)](
                                const boost::system::error_code& error, int signal) {
            loop.get_executor().on_work_started();  // Asio decrements the count after this handler
            const auto alive = action.lock();
            if (!alive || error) return;
            (*alive)(signal);
            if (alive.use_count() > 1) wait();  // otherwise the action has destroyed this alarm
        });
        loop_.get_executor().on_work_finished();
    }

    boost::asio::io_context& loop_;
    boost::asio::signal_set signals_;
    std::shared_ptr<std::function<void(int)>> action_;
    std::vector<std::pair<int, struct sigaction>> former_;
};

/// Suspends until a descriptor is readable; the caller keeps its ownership.
struct readable_awaiter {
    boost::asio::posix::stream_descriptor descriptor;
    boost::system::error_code error{};

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        descriptor.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                              [this, waiter](const boost::system::error_code& result) {
                                  error = result;
                                  waiter.resume();
                              });
    }
    void await_resume() {
        descriptor.release();
        if (error) throw boost::system::system_error(error, "cannot wait for a descriptor");
    }
};

/// Suspends while another thread works.
struct blocking_awaiter {
    reactor& loop;
    helper_threads& helpers;
    std::function<void()> work;
    std::exception_ptr error{};

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        helpers.run([this, waiter, busy = loop.guest()] {
            try {
                work();
            } catch (...) {
                error = std::current_exception();
            }
            loop.post([waiter] { waiter.resume(); });
        });
    }
    void await_resume() const {
        if (error) std::rethrow_exception(error);
    }
};

}  // namespace detail

WEFT_INLINE reactor::reactor() : self_(std::make_unique<implementation>()) {}

WEFT_INLINE reactor::~reactor() = default;

WEFT_INLINE clock::steady::time_point reactor::now() const {
    return steady::now();
}

WEFT_INLINE std::unique_ptr<clock::alarm> reactor::after(steady::duration delay,
                                                         std::function<void()> action) {
    return std::make_unique<detail::timer_alarm>(self_->loop, delay, std::move(action));
}

/// Most posts are completions that a coroutine waits for, so a post that fails for lack of memory is retried
/// for one second.
WEFT_INLINE void reactor::post(std::function<void()> action) {
    for (int tries = 1;; ++tries) {
        try {
            return boost::asio::post(self_->loop, action);
        } catch (const std::bad_alloc&) {
            if (tries == 100) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
}

WEFT_INLINE async<void> reactor::readable(int fd) {
    detail::readable_awaiter waiting{boost::asio::posix::stream_descriptor(self_->loop, fd)};
    co_await waiting;
}

WEFT_INLINE std::unique_ptr<clock::alarm> reactor::on_signals(std::initializer_list<int> signals,
                                                              std::function<void(int)> action) {
    return std::make_unique<detail::signal_alarm>(self_->loop, signals, std::move(action));
}

WEFT_INLINE async<void> reactor::blocking(std::function<void()> work) {
    detail::blocking_awaiter waiting{*this, self_->helpers, std::move(work)};
    co_await waiting;
}

WEFT_INLINE std::shared_ptr<void> reactor::guest() {
    return std::make_shared<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>(
        boost::asio::make_work_guard(self_->loop));
}

WEFT_INLINE void reactor::run(async<void> work, const std::function<void()>& stranded) {
    // Shared, because abandoned work may outlive this call.
    struct end {
        bool reached = false;
        std::exception_ptr error;
    };
    const auto state = std::make_shared<end>();
    const auto drive = [](boost::asio::io_context& loop, async<void> owned,
                          std::shared_ptr<end> result) -> async<void> {
        try {
            co_await std::move(owned);
        } catch (...) {
            result->error = std::current_exception();
        }
        result->reached = true;
        loop.stop();
    };
    self_->loop.restart();
    spawn(drive(self_->loop, std::move(work), state));
    self_->loop.run();  // also returns when no event is pending
    if (!state->reached && stranded) {
        self_->loop.restart();
        post(stranded);
        self_->loop.run();
    }
    if (!state->reached)
        throw std::logic_error(
            "the event loop has no pending event but the work has not ended: this is a bug in weft, please "
            "report it");
    if (state->error) std::rethrow_exception(state->error);
}

}  // namespace weft::os
