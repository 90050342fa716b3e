// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/async.hpp>
#include <weft/os/clock.hpp>

#include <functional>
#include <initializer_list>
#include <memory>

namespace weft::os {

/// The event loop: one thread in which all of a run's coroutines go on. Timers, child processes, signals and
/// the completions of other threads arrive here; nothing polls and nothing sleeps.
class reactor final : public clock {
public:
    /// Starts one helper thread, so that whatever blocks can always be done. Throws, in one line that says
    /// what is short, when the system gives no thread or no descriptor.
    reactor();
    ~reactor() override;
    reactor(const reactor&) = delete;
    reactor& operator=(const reactor&) = delete;

    steady::time_point now() const override;
    [[nodiscard]] std::unique_ptr<alarm> after(steady::duration delay, std::function<void()> action) override;

    /// Calls `action` in the loop. The only member that other threads may call.
    void post(std::function<void()> action);

    /// Waits until `fd` is readable (a pidfd: until the process has ended). The caller keeps `fd` open
    /// meanwhile.
    async<void> readable(int fd);

    /// Calls `action(signal)` in the loop for each of `signals` until the result is destroyed; their former
    /// handling is then restored.
    [[nodiscard]] std::unique_ptr<alarm> on_signals(std::initializer_list<int> signals,
                                                    std::function<void(int)> action);

    /// Runs `work` on a helper thread, where it may block (copying, resolving names), and goes on in the loop
    /// with its end; what it throws is thrown here.
    async<void> blocking(std::function<void()> work);

    /// While the result lives the loop waits for what another thread will post.
    [[nodiscard]] std::shared_ptr<void> guest();

    /// Handles events until `work` has ended, then returns; rethrows what it threw. Signals and posts of
    /// threads that are no guests are not waited for: when nothing else can happen any more, `stranded` is
    /// called, once, which may end the work; else a `std::logic_error` is thrown.
    void run(async<void> work, const std::function<void()>& stranded = {});

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

}  // namespace weft::os
