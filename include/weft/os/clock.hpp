// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>

#include <functional>
#include <memory>

namespace weft::os {

/// The time and timers: the reactor in programs, a manually driven fake in tests.
class clock {
public:
    using steady = std::chrono::steady_clock;

    /// A pending call; destroying it cancels the call.
    class alarm {
    public:
        virtual ~alarm() = default;
    };

    virtual ~clock() = default;
    virtual steady::time_point now() const = 0;

    /// Calls `action` once, on the reactor's thread, `delay` from now; never before `after` returns.
    [[nodiscard]] virtual std::unique_ptr<alarm> after(steady::duration delay,
                                                       std::function<void()> action) = 0;
};

}  // namespace weft::os
