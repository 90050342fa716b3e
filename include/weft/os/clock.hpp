// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>

#include <functional>
#include <memory>

namespace weft::os {

/// Time, and what shall happen later: the reactor in programs, a hand-driven fake in tests.
class clock {
public:
    using steady = std::chrono::steady_clock;

    /// A call that was asked for; destroying it takes it back.
    class alarm {
    public:
        virtual ~alarm() = default;
    };

    virtual ~clock() = default;
    virtual steady::time_point now() const = 0;

    /// Calls `action` once, on the reactor's thread, `delay` from now. A zero delay still returns first.
    [[nodiscard]] virtual std::unique_ptr<alarm> after(steady::duration delay,
                                                       std::function<void()> action) = 0;
};

}  // namespace weft::os
