// SPDX-License-Identifier: MIT
#include "dynamic_graph.hpp"
#include "support/eventually.hpp"
#include "support/threads.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using tests::drawn_graph;
using tests::index;
using tests::watched_run;

/// Two parallel tasks: the first runs a graph whose two tasks wait for each other, while the second does not
/// return. So the third of three threads must help.
void run_inner_while_another_is_busy(weft::pool::workers& pool, watched_run& outer) {
    static const drawn_graph pair(2, std::vector<std::pair<index, index>>{});
    tests::meeting outside;
    std::atomic<bool> over{false};
    outer.body = [&](index task) {
        outside();
        if (task != 0) {
            while (!over) std::this_thread::yield();
            return;
        }
        watched_run inner(pool, pair);
        tests::meeting inside;
        inner.body = [&](index) { inside(); };
        inner.run();
        over = true;
    };
    REQUIRE(outer.run());
}

/// A run nested `depth` deep.
void run_nested(weft::pool::workers& pool, const drawn_graph& graph, int depth, std::atomic<int>& leaves) {
    watched_run run(pool, graph);
    run.body = [&](index) {
        if (depth == 0)
            ++leaves, tests::spin(300);
        else
            run_nested(pool, graph, depth - 1, leaves);
    };
    if (!run.run()) std::rethrow_exception(run.graph_run().failures()[0].error);
}

}  // namespace

TEST_CASE("a task may run a graph on the workers that run it") {
    const drawn_graph graph(5, {{0, 1}, {0, 2}, {1, 4}, {2, 4}});
    for (const unsigned threads : {1U, 2U, 4U}) {
        weft::pool::workers pool(threads);
        for (int again = 0; again < 5; ++again) {
            std::atomic<int> leaves{0};
            run_nested(pool, graph, 3, leaves);
            REQUIRE(leaves == 5 * 5 * 5 * 5);
        }
    }
}

TEST_CASE("a nested run is shared") {
    const drawn_graph pair(2, std::vector<std::pair<index, index>>{});
    weft::pool::workers pool(4);
    watched_run outer(pool, pair);
    tests::meeting outside;
    outer.body = [&](index) {
        outside();
        watched_run inner(pool, pair);
        tests::meeting inside;
        inner.body = [&](index) { inside(); };
        if (!inner.run() || !inner.in_order()) throw std::runtime_error("inner");
    };
    for (int again = 0; again < 50; ++again) REQUIRE(outer.run());
}

TEST_CASE("a nested run is shared when all helpers slept before its outer one") {
    const drawn_graph pair(2, std::vector<std::pair<index, index>>{});
    std::thread([] {}).join();  // with the first thread a sanitizer starts one of its own
    const auto others = support::threads_of_this_process();
    weft::pool::workers pool(3);
    std::vector<pid_t> helpers;
    for (const pid_t thread : support::threads_of_this_process())
        if (others.count(thread) == 0) helpers.push_back(thread);
    REQUIRE(helpers.size() == 2);
    watched_run outer(pool, pair);
    for (int again = 0; again < 8; ++again) {
        REQUIRE(support::eventually(
            [&] { return std::all_of(helpers.begin(), helpers.end(), support::waits_without_limit); }));
        run_inner_while_another_is_busy(pool, outer);
    }
}

TEST_CASE("a nested run is shared whenever its outer one begins") {
    const drawn_graph pair(2, std::vector<std::pair<index, index>>{});
    weft::pool::workers pool(3);
    watched_run outer(pool, pair);
    for (unsigned again = 0; again < 200; ++again) {
        tests::spin(again * 7919 % 4000 * 1000);  // 0 to some 2 ms: helpers poll every millisecond
        run_inner_while_another_is_busy(pool, outer);
    }
}

TEST_CASE("a task cannot run its own graph") {
    const drawn_graph graph(3, {{0, 1}});
    weft::pool::workers pool(2);
    watched_run run(pool, graph);
    run.body = [&](index task) {
        if (task == 1) run.graph_run().run();
    };
    REQUIRE_FALSE(run.run());
    REQUIRE_THROWS_WITH(std::rethrow_exception(run.graph_run().failures().at(0).error),
                        Catch::Contains("already running"));
}

TEST_CASE("if several threads run one graph at the same time, one runs it and the others get an error") {
    const drawn_graph graph(1, std::vector<std::pair<index, index>>{});
    weft::pool::workers pool(1);
    // Plain numbers: the thread sanitizer, and mostly the sum, detect two runs at the same time.
    struct all {
        unsigned inside = 0;
        unsigned together = 0;
        unsigned ran = 0;
    } bodies;
    const auto walk = [](void* state, weft::pool::cursor& at, index from) {
        for (; at.enter(from); ++from) {
            if (from == 1) return true;
            auto& counts = *static_cast<all*>(state);
            if (++counts.inside != 1) ++counts.together;
            ++counts.ran;
            tests::spin(20);
            --counts.inside;
        }
        return false;
    };
    weft::pool::graph_run run(pool, graph.layout.view(), walk, &bodies);
    std::atomic<unsigned> finished{0};
    std::atomic<unsigned> waiting{2};
    const auto compete = [&] {
        --waiting;
        while (waiting != 0) std::this_thread::yield();
        for (int again = 0; again < 100000; ++again) {
            try {
                finished += run.run() ? 1 : 0;
            } catch (const std::logic_error&) {
                // The other thread runs it.
            }
        }
    };
    std::thread other(compete);
    compete();
    other.join();
    REQUIRE(bodies.together == 0);
    REQUIRE(bodies.ran == finished);
}

TEST_CASE("executors and workers can be created and destroyed between runs") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        weft::pool::workers pool(3);
        for (int again = 0; again < 3; ++again) {
            const drawn_graph graph(40, 0.05, random);
            watched_run run(pool, graph);
            run.body = [](index) { tests::spin(200); };
            REQUIRE(run.run());
            REQUIRE(run.ran() == graph.tasks);
        }
    }
}

TEST_CASE("destroying a running graph stops it and waits for its end") {
    const drawn_graph graph(80, std::vector<std::pair<index, index>>{});
    weft::pool::workers pool(2);
    for (int round = 0; round < 100; ++round) {
        std::atomic<int> ran{0};
        std::atomic<bool> begun{false};
        struct all {
            std::atomic<int>& ran;
            std::atomic<bool>& begun;
        } bodies{ran, begun};
        const auto walk = [](void* state, weft::pool::cursor& at, index from) {
            for (; at.enter(from); ++from) {
                if (from == drawn_graph::most_tasks) return true;
                auto& counts = *static_cast<all*>(state);
                counts.begun = true;
                ++counts.ran;
                tests::spin(200);
            }
            return false;
        };
        std::thread caller;
        {
            weft::pool::graph_run run(pool, graph.layout.view(), walk, &bodies);
            caller = std::thread([&run] { run.run(); });
            while (!begun) std::this_thread::yield();
        }
        const int after = ran;
        caller.join();
        REQUIRE(ran == after);
    }
}
