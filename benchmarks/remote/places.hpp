// SPDX-License-Identifier: MIT
#pragma once

#include <weft/local/machine.hpp>
#include <weft/remote/host.hpp>
#include <weft/transfer/archive_stager.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

using steady = std::chrono::steady_clock;

inline double seconds_since(steady::time_point start) {
    return std::chrono::duration<double>(steady::now() - start).count();
}

/// A server on loopback, from the environment: PORT, LOGIN, KEY, KNOWN_HOSTS, SCRATCH.
inline weft::ssh_host server() {
    const auto word = [](const char* name) -> std::string {
        const char* value = std::getenv(name);
        if (value == nullptr) throw std::runtime_error(std::string("set ") + name);
        return value;
    };
    weft::ssh_host how;
    how.address = "127.0.0.1";
    how.port = static_cast<std::uint16_t>(std::stoi(word("PORT")));
    how.user = word("LOGIN");
    how.identity = word("KEY");
    how.known_hosts = word("KNOWN_HOSTS");
    how.scratch = word("SCRATCH");
    return how;
}

/// Runs a coroutine to its end.
template <class T>
T wait(weft::os::reactor& loop, weft::os::async<T> work) {
    std::optional<T> result;
    const auto drive = [](weft::os::async<T> owned, std::optional<T>& out) -> weft::os::async<void> {
        out.emplace(co_await std::move(owned));
    };
    loop.run(drive(std::move(work), result));
    return *std::move(result);
}

/// Runs `count` coroutines `work(i)` concurrently.
template <class Work>
weft::os::async<void> all(int count, const Work& work) {
    int left = count;
    weft::os::completion<bool> done;
    const auto one = [&](int i) -> weft::os::async<void> {
        co_await work(i);
        if (--left == 0) done.set(true);
    };
    for (int i = 0; i < count; ++i) weft::os::spawn(one(i));
    if (left != 0) co_await done;
}

}  // namespace bench
