// SPDX-License-Identifier: MIT
#include "dynamic_graph.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

namespace {

using tests::drawn_graph;
using tests::index;
using tests::watched_run;
using weft::pool::task_state;

/// Two tasks that wait for each other, so that the run is shared, then a tree, a chain and a join.
drawn_graph shared_graph() {
    return {14,
            {{0, 2},
             {0, 3},
             {1, 4},
             {1, 5},
             {2, 6},
             {6, 7},
             {7, 8},
             {3, 9},
             {4, 9},
             {5, 10},
             {9, 11},
             {8, 11},
             {10, 12},
             {11, 13},
             {12, 13}}};
}

}  // namespace

TEST_CASE("a task that throws skips exactly what depends on it") {
    std::mt19937 random(5);
    for (const unsigned threads : {1U, 2U}) {
        weft::pool::workers pool(threads);
        for (int round = 0; round < 30; ++round) {
            const drawn_graph graph(30, 0.08, random);
            watched_run run(pool, graph);
            for (index bad = 0; bad < graph.tasks; ++bad) {
                run.body = [&](index task) {
                    if (task == bad) throw std::runtime_error(std::to_string(task));
                };
                REQUIRE_FALSE(run.run());
                REQUIRE(run.in_order());
                const std::vector<bool> hit = graph.from_on(bad);
                for (index task = 0; task < graph.tasks; ++task) {
                    const task_state wanted = task == bad ? task_state::failed
                                              : hit[task] ? task_state::skipped
                                                          : task_state::finished;
                    REQUIRE(run.graph_run().state_of(task) == wanted);
                    REQUIRE(run.has_run(task) == (wanted != task_state::skipped));
                }
                REQUIRE(run.graph_run().failures().size() == 1);
                REQUIRE(run.graph_run().failures()[0].task == bad);
                REQUIRE_THROWS_WITH(std::rethrow_exception(run.graph_run().failures()[0].error),
                                    std::to_string(bad));
            }
            run.body = [](index) {};
            REQUIRE(run.run());
            REQUIRE(run.ran() == graph.tasks);
            REQUIRE(run.graph_run().failures().empty());
        }
    }
}

TEST_CASE("a task that throws in a run of several threads skips exactly what depends on it") {
    const drawn_graph graph = shared_graph();
    weft::pool::workers pool(2);
    for (int round = 0; round < 20; ++round) {
        watched_run run(pool, graph);
        for (index bad = 0; bad < graph.tasks; ++bad) {
            tests::meeting meet;
            run.body = [&](index task) {
                if (task < 2) meet();
                if (task == bad) throw std::runtime_error("bad");
            };
            REQUIRE_FALSE(run.run());
            const std::vector<bool> hit = graph.from_on(bad);
            for (index task = 0; task < graph.tasks; ++task)
                REQUIRE(run.has_run(task) == (task == bad || !hit[task]));
            REQUIRE(run.graph_run().failures().size() == 1);
        }
    }
}

TEST_CASE("every failure is reported") {
    const drawn_graph graph(50, std::vector<std::pair<index, index>>{});
    for (const unsigned threads : {1U, 4U}) {
        weft::pool::workers pool(threads);
        watched_run run(pool, graph);
        run.body = [](index task) {
            tests::spin(500);
            if (task % 2 == 0) throw task;
        };
        for (int again = 0; again < 50; ++again) {
            REQUIRE_FALSE(run.run());
            REQUIRE(run.ran() == graph.tasks);
            REQUIRE(run.graph_run().failures().size() == 25);
        }
    }
}

TEST_CASE("no task begins after a stop request") {
    std::mt19937 random(6);
    for (const unsigned threads : {1U, 2U}) {
        weft::pool::workers pool(threads);
        for (int round = 0; round < 20; ++round) {
            const drawn_graph graph(30, 0.08, random);
            watched_run run(pool, graph);
            for (index last = 0; last < graph.tasks; ++last) {
                std::stop_source stop;
                run.body = [&](index task) {
                    if (task == last) stop.request_stop();
                };
                const bool finished = run.run(stop.get_token());
                REQUIRE(finished == (run.ran() == graph.tasks));
                REQUIRE(run.graph_run().failures().empty());
                const std::vector<bool> hit = graph.from_on(last);
                for (index task = 0; task < graph.tasks; ++task) {
                    const auto wanted = run.has_run(task) ? task_state::finished : task_state::cancelled;
                    REQUIRE(run.graph_run().state_of(task) == wanted);
                    if (hit[task] && task != last) REQUIRE_FALSE(run.has_run(task));
                }
                run.body = [](index) {};
                REQUIRE(run.run(std::stop_source().get_token()));
                REQUIRE(run.ran() == graph.tasks);
            }
        }
    }
}

TEST_CASE("a stop request ends a run of several threads") {
    const drawn_graph graph = shared_graph();
    weft::pool::workers pool(2);
    watched_run run(pool, graph);
    for (int round = 0; round < 20; ++round)
        for (index last = 0; last < graph.tasks; ++last) {
            std::stop_source stop;
            tests::meeting meet;
            run.body = [&](index task) {
                if (task < 2) meet();
                if (task == last) stop.request_stop();
            };
            const bool finished = run.run(stop.get_token());
            REQUIRE(finished == (run.ran() == graph.tasks));
            REQUIRE(run.in_order());
        }
}

TEST_CASE("a run with a stop request before its start runs nothing") {
    const drawn_graph graph = shared_graph();
    weft::pool::workers pool(2);
    watched_run run(pool, graph);
    std::stop_source stop;
    stop.request_stop();
    REQUIRE_FALSE(run.run(stop.get_token()));
    REQUIRE(run.ran() == 0);
}
