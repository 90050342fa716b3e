// SPDX-License-Identifier: MIT
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace weft::os {

/// A coroutine that starts when it is awaited and resumes its awaiter when it ends: the return type of every
/// operation that waits. It is independent of the event loop: the code that completes an operation chooses
/// the thread on which the awaiter resumes (in weft always the reactor's). Exceptions pass through
/// `co_await`.
///
/// Boost.Asio 1.74 has a coroutine type too, but it does not compile with Clang and libstdc++, and it would
/// put Asio's headers into every interface.
template <class T = void>
class async;

namespace detail {

struct promise_base {
    std::coroutine_handle<> awaiter = std::noop_coroutine();
    std::exception_ptr error;

    struct resume_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
            return self.promise().awaiter;
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    resume_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <class T>
struct promise : promise_base {
    std::optional<T> value;

    async<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T take() {
        if (error) std::rethrow_exception(error);
        return std::move(*value);
    }
};

template <>
struct promise<void> : promise_base {
    async<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const {
        if (error) std::rethrow_exception(error);
    }
};

}  // namespace detail

template <class T>
class [[nodiscard]] async {
public:
    using promise_type = detail::promise<T>;

    async(async&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    async& operator=(async&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~async() {
        if (handle_) handle_.destroy();
    }

    auto operator co_await() && noexcept {
        struct awaiter {
            std::coroutine_handle<promise_type> handle;
            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) const noexcept {
                handle.promise().awaiter = caller;
                return handle;
            }
            T await_resume() const { return handle.promise().take(); }
        };
        return awaiter{handle_};
    }

private:
    friend promise_type;
    explicit async(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
async<T> promise<T>::get_return_object() noexcept {
    return async<T>(std::coroutine_handle<promise>::from_promise(*this));
}

inline async<void> promise<void>::get_return_object() noexcept {
    return async<void>(std::coroutine_handle<promise>::from_promise(*this));
}

/// A coroutine without an awaiter: it starts at once and frees itself.
struct detached {
    struct promise_type {
        detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };
};

}  // namespace detail

/// Starts `work` now and lets it run detached. `work` must handle its own errors: an exception that escapes
/// terminates the program.
inline void spawn(async<void> work) {
    [](async<void> owned) -> detail::detached { co_await std::move(owned); }(std::move(work));
}

/// A result that is set once and awaited by any number of coroutines of one thread. `set` resumes the waiters
/// in the order in which they arrived; the object must live until the last of them has resumed.
///
///     os::completion<int> done;
///     os::spawn(use(done));   // int const& result = co_await done;
///     done.set(3);
template <class T>
class completion {
public:
    bool is_set() const noexcept { return value_.has_value() || error_; }
    /// nullptr until it is set, and after a failure.
    const T* value() const noexcept { return value_ ? &*value_ : nullptr; }

    void set(T value) {
        value_.emplace(std::move(value));
        resume();
    }

    /// Makes each waiter's `co_await` throw `error`.
    void fail(std::exception_ptr error) {
        error_ = std::move(error);
        resume();
    }

    auto operator co_await() noexcept {
        struct awaiter {
            completion& self;
            bool await_ready() const noexcept { return self.is_set(); }
            void await_suspend(std::coroutine_handle<> waiter) const { self.waiters_.push_back(waiter); }
            const T& await_resume() const {
                if (self.error_) std::rethrow_exception(self.error_);
                return *self.value_;
            }
        };
        return awaiter{*this};
    }

private:
    void resume() {
        const auto waiters = std::exchange(waiters_, {});
        for (auto waiter : waiters) waiter.resume();
    }

    std::optional<T> value_;
    std::exception_ptr error_;
    std::vector<std::coroutine_handle<>> waiters_;
};

}  // namespace weft::os
