// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/helper_threads.hpp>
#include <weft/remote/connection.hpp>
#include <weft/remote/connection_worker.ipp>
#include <weft/remote/connection_worker_streams.ipp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>
#include <memory>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

namespace weft::remote {

namespace detail {

/// The wait for an interrupted thread. It ends at once unless it is looking up a name.
inline constexpr std::chrono::milliseconds join_patience{500};

}  // namespace detail

WEFT_INLINE std::string random_marker() {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device random;
    std::string marker = "weft-";
    for (int i = 0; i < 24; ++i) marker += letters[random() % letters.size()];
    return marker;
}

WEFT_INLINE connection::connection(os::reactor& loop, std::string name, ssh_host how, std::string aside)
    : loop_(loop), name_(std::move(name)), how_(std::move(how)), aside_(std::move(aside)) {}

WEFT_INLINE connection::~connection() {
    if (!worker_) return;
    worker_->owner = nullptr;
    worker_->stop.request();
    worker_->post([worker = worker_.get()] { worker->closing = true; });
    if (worker_->thread.joinable()) worker_->thread.join();
}

WEFT_INLINE os::async<void> connection::open(std::size_t streams) {
    worker_ = std::make_shared<worker>(loop_, name_, how_);
    worker_->aside = aside_;
    if (!worker_->wake) {
        const std::string reason = std::strerror(errno);
        worker_.reset();
        throw engine::place_error("host " + name_ + ": no descriptor is left for its connection (" + reason +
                                  "): see `ulimit -n`");
    }
    worker_->owner = this;
    worker_->streams_ahead = streams;
    worker_->guest = loop_.guest();
    const auto opened = opened_ = std::make_shared<os::completion<bool>>();
    const auto ended = ended_ = std::make_shared<os::completion<bool>>();
    // Blocks signals, because an interrupted call in this thread would look like a broken connection. Not
    // SIGTERM: a ProxyCommand inherits this mask, and libssh ends it with that signal.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::sigdelset(&all, SIGTERM);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::string trouble;
    try {
        worker_->thread = std::thread([worker = worker_, opened, ended] {
            worker->run([opened](std::exception_ptr error) {
                if (opened->is_set()) return;  // interrupted
                if (error)
                    opened->fail(error);
                else
                    opened->set(true);
            });
            worker->post_back([ended] {
                if (!ended->is_set()) ended->set(true);
            });
            worker->take_leave();
        });
    } catch (const std::system_error& error) {
        trouble = os::thread_trouble(error);
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (!trouble.empty()) {
        worker_.reset();  // there is no thread that would report its end
        throw engine::place_error("host " + name_ + ": " + trouble);
    }
    co_await *opened;
}

WEFT_INLINE void connection::interrupt() {
    if (!worker_ || opened_->is_set()) return;
    worker_->stop.request();
    // Deferred, because the waiter may change the state that the caller is using.
    loop_.post([opened = opened_, name = name_] {
        if (opened->is_set()) return;
        opened->fail(std::make_exception_ptr(engine::place_error("host " + name + ": the run ends")));
    });
}

WEFT_INLINE void connection::tell(std::string text) {
    if (!worker_) return;
    worker_->post([worker = worker_.get(), text = std::move(text)] {
        if (worker->control) worker->control->write(text);
    });
}

WEFT_INLINE void connection::look() {
    if (!worker_) return;
    worker_->post([worker = worker_.get()] {
        if (worker->working) worker->working->look();
    });
}

WEFT_INLINE void connection::flush(std::function<void()> then) {
    if (!worker_) return;
    worker_->post([worker = worker_.get(), then = std::move(then)] {
        worker->flush();
        worker->tell_owner([then](connection&) { then(); });
    });
}

WEFT_INLINE void connection::hurry() {
    if (!worker_) return;
    worker_->post([worker = worker_.get()] { worker->hurried = true; });
}

WEFT_INLINE os::async<stream_end> connection::move(std::unique_ptr<file_stream> what) {
    os::completion<stream_end> done;
    what->done = [&done, worker = worker_.get()](stream_end end) {
        worker->post_back([&done, end = std::move(end)] { done.set(end); });
    };
    auto job = std::make_shared<std::unique_ptr<file_stream>>(std::move(what));
    const bool taken =
        worker_ && worker_->post([worker = worker_.get(), job] { worker->add(std::move(*job)); });
    if (!taken) co_return stream_end{std::string(just_lost), engine::place_event::broken};
    co_return co_await done;
}

WEFT_INLINE os::async<void> connection::close() {
    if (!worker_) co_return;
    worker_->owner = nullptr;
    worker_->post([worker = worker_.get()] { worker->closing = true; });
    const auto ending = std::exchange(worker_, nullptr);
    const auto ended = ended_;
    const bool interrupted = ending->stop.requested();
    const auto patience = loop_.after(interrupted ? detail::join_patience : how_.connect_timeout, [ended] {
        if (!ended->is_set()) ended->set(false);
    });
    const bool in_time = co_await *ended;
    if (in_time) {
        ending->thread.join();
    } else {
        ending->leave_behind();
        ending->thread.detach();
    }
}

}  // namespace weft::remote
