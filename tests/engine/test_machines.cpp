// SPDX-License-Identifier: MIT
#include "support/run_bench.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using bench = support::run_bench;
using support::fake_place;
using support::names;
using support::several_machines;
using weft::task_state;
using weft::engine::stop_signal;

TEST_CASE("a host that cannot be opened fails its tasks and nothing else") {
    bench b;
    const auto edge = b.plan.host("edge");
    b.plan.task("A", edge).task("B").after("A").task("C");
    b.edge.refuses_to_open = "host edge (127.0.0.1:1): connection refused";
    b.start();
    b.here.finish("C");
    REQUIRE(b.result);
    CHECK(b.status("A") == task_state::failed);
    CHECK((*b.result)["A"].reason == b.edge.refuses_to_open);
    CHECK(b.result->hosts.at(0).reason == b.edge.refuses_to_open);
    CHECK(b.status("B") == task_state::skipped);
    CHECK(b.status("C") == task_state::finished);
    CHECK(b.edge.started.empty());
}

TEST_CASE("a task of a host with several machines runs on the one that has its inputs") {
    several_machines b;
    const auto workers = b.plan.host("workers");
    b.plan.task("A", workers).task("B", workers).task("C", workers).refers("B", "f");
    b.plan.task("D", workers).after("A");
    b.one.slots = b.two.slots = 1;
    b.start();
    REQUIRE(names(b.one) == std::vector<std::string>{"A"});
    REQUIRE(names(b.two) == std::vector<std::string>{"B"});
    b.one.finish("A");
    b.one.finish("D");
    b.two.finish("B");
    CHECK(names(b.two) == std::vector<std::string>{"B", "C"});
    CHECK(b.stager.calls.empty());
    b.two.finish("C");
    CHECK(b.result->ok());
    CHECK((*b.result)["C"].host == "workers@two");
}

TEST_CASE("a machine that opens late or never delays none of its host's tasks") {
    several_machines b;
    const auto workers = b.plan.host("workers");
    for (const char* name : {"A", "B", "C"}) b.plan.task(name, workers);
    b.one.slots = b.two.slots = 1;
    b.two.opens_later = true;
    b.start();
    CHECK(names(b.one) == std::vector<std::string>{"A"});
    SECTION("late") {
        b.two.open_now();
        CHECK(names(b.two) == std::vector<std::string>{"B"});
        b.one.finish("A");
        b.one.finish("C");
        b.two.finish("B");
        CHECK(b.result->ok());
    }
    SECTION("never") {
        for (const char* name : {"A", "B", "C"}) b.one.finish(name);
        CHECK(b.two.interrupted == 1);
        REQUIRE(b.result);
        CHECK(b.result->ok());
    }
}

TEST_CASE("when some machines of a host cannot be opened, its tasks run on the others") {
    several_machines b;
    const auto workers = b.plan.host("workers");
    b.plan.task("A", workers);
    b.one.refuses_to_open = "host workers@one (127.0.0.1:1): connection refused";
    SECTION("some") {
        b.start();
        b.two.finish("A");
        CHECK(b.result->ok());
    }
    SECTION("all") {
        b.two.refuses_to_open = b.one.refuses_to_open;
        b.start();
        REQUIRE(b.result);
        CHECK((*b.result)["A"].reason == "none of the 2 machines of host workers is usable: " +
                                             b.one.refuses_to_open + "; " + b.two.refuses_to_open);
        REQUIRE(b.result->hosts.size() == 2);
        CHECK(b.result->hosts[1].name == "workers@two");
        CHECK(b.result->hosts[1].reason == b.two.refuses_to_open);
    }
}

TEST_CASE("a lost machine gets no more tasks, and tasks without another machine fail") {
    several_machines b;
    const auto workers = b.plan.host("workers");
    for (const char* name : {"A", "B"}) b.plan.task(name, workers);
    b.plan.policy().attempts = 2;
    for (const char* name : {"C", "D"}) b.plan.task(name, workers);
    b.one.slots = b.two.slots = 1;
    b.start();
    const auto lose = [&](fake_place& at, const char* task) {
        at.health = weft::engine::health::lost;
        at.finish(task, {fake_place::outcome::kind::lost, 0, "it went away"});
    };
    lose(b.two, "B");
    b.one.finish("A");
    CHECK(names(b.two).size() == 1);
    CHECK(names(b.one) == std::vector<std::string>{"A", "C"});
    b.clock.advance(0ms);
    b.one.finish("C");
    b.one.finish("B");
    lose(b.one, "D");
    REQUIRE(b.result);
    CHECK(b.status("B") == task_state::finished);
    CHECK((*b.result)["D"].reason == "it went away");
}

TEST_CASE("a task whose only machine was lost is not retried, and fails with the reason of its end") {
    bench b;
    const auto edge = b.plan.host("edge");
    b.plan.task("A", edge).task("B", edge);
    b.plan.policy().attempts = 3;
    b.plan.task("C", edge).after("B");
    b.start();
    b.edge.health = weft::engine::health::lost;
    b.edge.finish("A", {fake_place::outcome::kind::lost, 0, "it went away"});
    b.edge.finish("B", {fake_place::outcome::kind::lost, 0, "it went away too"});
    REQUIRE(b.result);
    CHECK((*b.result)["B"].reason == "it went away too");
    CHECK(b.status("C") == task_state::failed);
    CHECK(b.clock.next_due() < 0s);
}

TEST_CASE("all tasks that start on a machine while it is lost fail") {
    bench b;
    const auto edge = b.plan.host("edge");
    b.edge.slots = 1;
    b.plan.task("A", edge).task("B", edge);
    b.edge.script = [&](const auto&) {
        b.edge.health = weft::engine::health::lost;
        return fake_place::outcome{fake_place::outcome::kind::not_started, 0, "it is gone"};
    };
    b.start();
    REQUIRE(b.result);
    CHECK((*b.result)["A"].reason == "it is gone");
    CHECK((*b.result)["B"].reason == "host edge is not usable");
}
