// SPDX-License-Identifier: MIT
#include <weft/os/helper_threads.hpp>
#include <weft/os/reactor.hpp>

#include "support/limited.hpp"
#include "support/run_async.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <string>

namespace os = weft::os;

TEST_CASE("a reactor without a thread for blocking work is an error that names the reached limit") {
    if (support::thread_sanitizer) {
        WARN("skipped: the sanitizer has threads of its own");
        return;
    }
    const int refused = support::with_threads(1, [] {
        try {
            const os::reactor loop;
        } catch (const std::runtime_error& error) {
            const std::string text = error.what();
            return text.starts_with("cannot start a thread (") && text.ends_with("`ulimit -v`") ? 7 : 8;
        }
        return 9;
    });
    CHECK(refused == 7);
}

TEST_CASE("one helper thread does all the work where no more can be started") {
    if (support::thread_sanitizer) {
        WARN("skipped: the sanitizer has threads of its own");
        return;
    }
    if (::geteuid() != 0) {
        WARN("skipped: only root becomes a user who has no other process");
        return;
    }
    const int ended = support::with_threads(2, [] {
        os::reactor loop;
        std::atomic<int> done{0};
        const auto work = [&]() -> os::async<void> {
            std::function<void()> one = [&] { ++done; };
            co_await loop.blocking(one);
        };
        const auto drive = [&]() -> os::async<void> {
            os::completion<bool> all;
            // Outlives its coroutines, which refer to its captures.
            const auto counted = [&]() -> os::async<void> {
                co_await work();
                if (done == 100 && !all.is_set()) all.set(true);
            };
            for (int i = 0; i < 100; ++i) os::spawn(counted());
            co_await all;
        };
        loop.run(drive());
        return done == 100 ? 0 : 1;
    });
    CHECK(ended == 0);
}
