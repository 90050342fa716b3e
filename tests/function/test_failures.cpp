// SPDX-License-Identifier: MIT
#include "lattice.hpp"

#include <catch2/catch.hpp>

using namespace weft;
using tests::lattice;
using tests::stop;
using tests::stopper;
using tests::thrower;

TEST_CASE("an exception at any task skips its descendants and no other task") {
    for (const unsigned threads : {1U, 2U, 4U}) {
        workers pool(threads);
        executor runs(lattice, pool);
        for (int bad = 0; bad < 7; ++bad) {
            thrower = bad;
            CHECK_FALSE(runs.try_run());
            thrower = -1;
            const report last = runs.last_report();
            for (std::size_t at = 0; at < 7; ++at) {
                const task_state expected =
                    static_cast<int>(at) == bad ? task_state::failed
                    : (tests::descendants[static_cast<std::size_t>(bad)] >> at & 1U) != 0
                        ? task_state::skipped
                        : task_state::finished;
                INFO("task " << tests::names[at] << " of " << threads << " threads, " << bad << " throws");
                CHECK(last[tests::names[at]].status == expected);
            }
            REQUIRE(runs.failures().size() == 1);
            CHECK(last[tests::names[static_cast<std::size_t>(bad)]].reason ==
                  "number " + std::to_string(bad));
        }
        REQUIRE(runs.run());
        CHECK(runs.value<"f">().number == 0 + 1 + 3 + 0 + 2 + 4 + 5);
    }
    CHECK(tests::counted::alive == 0);
}

TEST_CASE("a run rethrows a task's exception, nested in one with the task's name") {
    executor runs(lattice);
    thrower = 3;
    try {
        runs.run();
        FAIL("nothing was thrown");
    } catch (const task_failed& failed) {
        CHECK(failed.task() == "d");
        CHECK(std::string(failed.what()) == "task 'd' of workflow 'lattice' failed: number 3");
        CHECK_THROWS_WITH(std::rethrow_if_nested(failed), "number 3");
    }
    thrower = -1;
}

TEST_CASE("a task may throw a type that is not a std::exception") {
    static const auto flow =
        workflow<"odd">(task<"bad">([]() -> int { throw 5; }), task<"next">([](int) {}, from<"bad">));
    executor runs(flow);
    CHECK_THROWS_AS(runs.run(), task_failed);
    CHECK_FALSE(runs.try_run());
    CHECK_THROWS_AS(std::rethrow_exception(runs.failures().front().error), int);
    CHECK(runs.last_report()["next"].status == task_state::skipped);
}

TEST_CASE("a skipped task names the failed task on which it depends, even indirectly") {
    static const auto flow = workflow<"skips">(task<"well">([] { return 1; }),
                                               task<"bad">([]() -> int { throw std::runtime_error("no"); }),
                                               task<"next">([](int) { return 2; }, from<"bad">),
                                               task<"last">([](int, int) {}, from<"well">, from<"next">));
    const auto result = run(flow);
    CHECK(result["next"].reason == "bad failed");
    CHECK(result["last"].reason == "bad failed");
}

TEST_CASE("two independent failures are both in the report") {
    static const auto flow = workflow<"two">(task<"a">([] { throw std::runtime_error("first"); }),
                                             task<"b">([] { throw std::runtime_error("second"); }));
    const auto result = run(flow);
    CHECK_FALSE(result.ok());
    CHECK(result.failures().size() == 2);
    CHECK(result["a"].reason == "first");
    CHECK(result["b"].reason == "second");
}

TEST_CASE("on one thread no task begins after any task requested a stop") {
    workers pool(1);
    executor runs(lattice, pool);
    for (int at = 0; at < 7; ++at) {
        stop = std::stop_source();
        stopper = at;
        const bool finished = runs.run(stop.get_token());
        stopper = -1;
        const report last = runs.last_report();
        CHECK(last[tests::names[static_cast<std::size_t>(at)]].status == task_state::finished);
        bool all = true;
        for (const task_report& each : last.tasks) {
            CHECK((each.status == task_state::finished || each.status == task_state::cancelled));
            all = all && each.status == task_state::finished;
        }
        CHECK(finished == all);
        CHECK(last.cancelled == !all);
    }
    REQUIRE(runs.run(std::stop_token()));
}

TEST_CASE("no task begins if a stop was requested before the run") {
    std::stop_source early;
    early.request_stop();
    const auto result = run(lattice, {.stop = early.get_token()});
    CHECK_FALSE(result.ok());
    CHECK(result.cancelled);
    for (const task_report& each : result.tasks) CHECK(each.status == task_state::cancelled);
    CHECK_THROWS_AS(result.value<"f">(), std::logic_error);
}

TEST_CASE("a background run ends after a stop request in its options too") {
    std::stop_source early;
    early.request_stop();
    executor runs(lattice, options{.stop = early.get_token()});
    auto handle = runs.run_async();
    CHECK_FALSE(handle.get());
}
