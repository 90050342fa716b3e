// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/reactor.hpp>

#include <optional>
#include <utility>

namespace support {

/// Runs a coroutine on `loop` to its end and returns its result; rethrows its exception.
template <class T>
T run_async(weft::os::reactor& loop, weft::os::async<T> work) {
    std::optional<T> result;
    const auto drive = [](weft::os::async<T> owned, std::optional<T>& out) -> weft::os::async<void> {
        out.emplace(co_await std::move(owned));
    };
    loop.run(drive(std::move(work), result));
    return *std::move(result);
}

inline void run_async(weft::os::reactor& loop, weft::os::async<void> work) {
    loop.run(std::move(work));
}

}  // namespace support
