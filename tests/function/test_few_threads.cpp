// SPDX-License-Identifier: MIT
// Machines that give fewer threads than there are processors, or none.
#include <weft/function/run_handle.hpp>

#include "pool/dynamic_graph.hpp"
#include "support/limited.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

using tests::drawn_graph;
using tests::index;
using tests::watched_run;

}  // namespace

TEST_CASE("a pool uses the threads that the system gives, unless their number is explicit") {
    if (support::thread_sanitizer) {
        WARN("skipped: the sanitizer has threads of its own");
        return;
    }
    const int ended = support::with_threads(1, [] {
        const drawn_graph graph(5, {{0, 1}, {0, 2}, {1, 4}, {2, 4}});
        weft::pool::workers pool;
        if (pool.threads() != 1) return 1;
        watched_run run(pool, graph);
        std::atomic<int> done{0};
        run.body = [&](index) { ++done; };
        if (!run.run() || done != 5) return 2;
        try {
            const weft::pool::workers four(4);
        } catch (const std::runtime_error& error) {
            return std::string(error.what()).starts_with("only 1 of 4 threads could be started (") ? 0 : 3;
        }
        return 4;
    });
    CHECK(ended == 0);
}

TEST_CASE("a background run without a thread throws") {
    if (support::thread_sanitizer) {
        WARN("skipped: the sanitizer has threads of its own");
        return;
    }
    const int ended = support::with_threads(1, [] {
        try {
            weft::run_handle handle([](const std::stop_token&) { return true; });
        } catch (const std::system_error&) {
            return 0;
        }
        return 1;
    });
    CHECK(ended == 0);
}
