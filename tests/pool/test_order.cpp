// SPDX-License-Identifier: MIT
#include "dynamic_graph.hpp"

#include <catch2/catch.hpp>

namespace {

using tests::drawn_graph;
using tests::index;
using tests::watched_run;

drawn_graph draw(std::mt19937& random) {
    const auto count = static_cast<index>(std::uniform_int_distribution(1, 80)(random));
    const double density = std::uniform_real_distribution(0.0, 4.0 / count)(random);
    return {count, density, random};
}

/// The same graph after two more tasks that wait for each other, so that its runs are always shared.
drawn_graph with_meeting(std::mt19937& random) {
    const auto count = static_cast<index>(std::uniform_int_distribution(3, 78)(random));
    std::bernoulli_distribution is_edge(2.0 / count);
    std::vector<std::pair<index, index>> edges;
    for (index to = 2; to < count; ++to) {
        edges.emplace_back(to % 2, to);
        for (index from = 2; from < to; ++from)
            if (is_edge(random)) edges.emplace_back(from, to);
    }
    return {count, edges};
}

}  // namespace

TEST_CASE("short tasks of random graphs run once and in order") {
    std::mt19937 random(1);
    weft::pool::workers pool(2);
    for (int round = 0; round < 2000; ++round) {
        const drawn_graph graph = draw(random);
        watched_run run(pool, graph);
        for (int again = 0; again < 3; ++again) {
            REQUIRE(run.run());
            REQUIRE(run.ran() == graph.tasks);
        }
        REQUIRE(run.in_order());
    }
}

TEST_CASE("longer tasks of random graphs run once and in order") {
    std::mt19937 random(2);
    for (const unsigned threads : {1U, 2U, 3U, 8U}) {
        weft::pool::workers pool(threads);
        for (int round = 0; round < 100; ++round) {
            const drawn_graph graph = draw(random);
            watched_run run(pool, graph);
            run.body = [](index task) { tests::spin(task * 37 % 1000); };
            for (int again = 0; again < 3; ++again) {
                REQUIRE(run.run());
                REQUIRE(run.ran() == graph.tasks);
            }
            REQUIRE(run.in_order());
        }
    }
}

TEST_CASE("shared runs of random graphs run each task once and in order") {
    std::mt19937 random(3);
    weft::pool::workers pool(3);
    for (int round = 0; round < 1000; ++round) {
        const drawn_graph graph = with_meeting(random);
        watched_run run(pool, graph);
        tests::meeting meet;
        run.body = [&](index task) {
            if (task < 2) meet();
        };
        for (int again = 0; again < 3; ++again) {
            REQUIRE(run.run());
            REQUIRE(run.ran() == graph.tasks);
        }
        REQUIRE(run.in_order());
    }
}

TEST_CASE(
    "two tasks that do not depend on each other run at the same time however many short runs went before") {
    const drawn_graph diamond(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}});
    weft::pool::workers pool(2);
    watched_run run(pool, diamond);
    for (int round = 0; round < 20; ++round) {
        run.body = [](index) {};
        for (int again = 0; again < 5000; ++again) REQUIRE(run.run());
        tests::meeting meet;
        run.body = [&](index task) {
            if (task == 1 || task == 2) meet();
        };
        REQUIRE(run.run());
    }
}

TEST_CASE("graphs of one pool may be run by several threads at once") {
    std::mt19937 random(4);
    weft::pool::workers pool(2);
    const drawn_graph graph(60, 0.05, random);
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller)
        callers.emplace_back([&] {
            watched_run run(pool, graph);
            run.body = [](index task) { tests::spin(task * 10); };
            for (int again = 0; again < 200; ++again)
                if (!run.run() || run.ran() != graph.tasks || !run.in_order()) ++wrong;
        });
    for (std::thread& caller : callers) caller.join();
    REQUIRE(wrong == 0);
}
