// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/async.hpp>
#include <weft/os/clock.hpp>

#include <functional>
#include <initializer_list>
#include <memory>

namespace weft::os {

/// The event loop: the one thread on which all coroutines of a run execute. It delivers timers, ends of child
/// processes, signals and completions from other threads; nothing polls or sleeps.
class reactor final : public clock {
public:
    /// Starts one helper thread, so that blocking work can always be done. Throws when the system has no
    /// thread or descriptor left; the message names the exhausted resource.
    reactor();
    ~reactor() override;
    reactor(const reactor&) = delete;
    reactor& operator=(const reactor&) = delete;

    steady::time_point now() const override;
    [[nodiscard]] std::unique_ptr<alarm> after(steady::duration delay, std::function<void()> action) override;

    /// Calls `action` in the loop. The only member that may be called from other threads.
    void post(std::function<void()> action);

    /// Waits until `fd` is readable (a pidfd: until its process has ended). The caller keeps `fd` open until
    /// then.
    async<void> readable(int fd);

    /// Calls `action(signal)` in the loop for each of `signals` until the result is destroyed, which restores
    /// the previous handlers.
    [[nodiscard]] std::unique_ptr<alarm> on_signals(std::initializer_list<int> signals,
                                                    std::function<void(int)> action);

    /// Runs `work` on a helper thread, where it may block (copying, resolving names), then resumes in the
    /// loop; an exception of `work` is rethrown here.
    async<void> blocking(std::function<void()> work);

    /// While the result lives, `run` waits for posts from another thread.
    [[nodiscard]] std::shared_ptr<void> guest();

    /// Handles events until `work` has ended; rethrows its exception. `run` does not wait for signals, nor
    /// for posts of threads without a `guest`: when no other event is pending, it calls `stranded` once,
    /// which may end the work; otherwise it throws `std::logic_error`.
    void run(async<void> work, const std::function<void()>& stranded = {});

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

}  // namespace weft::os
