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

TEST_CASE("a reference within a place is linked, without a copy") {
    bench b;
    b.here.script = [](const auto&) { return fake_place::exited(0); };
    b.plan.task("A").task("B").refers("A", "output/f1.txt");
    b.start();
    REQUIRE(b.here.started.size() == 2);
    const auto& consumer = b.here.started[1];
    REQUIRE(consumer.links.size() == 1);
    CHECK(consumer.links[0].directory == "/tmp/run-1/A");
    CHECK(consumer.links[0].to == ".weft/inputs/test/A/output/f1.txt");
    CHECK(consumer.script == "cat /tmp/run-1/B/.weft/inputs/test/A/output/f1.txt");
    CHECK(b.stager.calls.empty());
}

TEST_CASE("a file that several tasks of a host need is copied once") {
    bench b;
    b.here.script = b.edge.script = [](const auto&) { return fake_place::exited(0); };
    const auto edge = b.plan.host("edge");
    b.plan.task("A");
    for (const char* name : {"B", "C", "D"}) b.plan.task(name, edge).refers("A", "big file");
    b.start();
    REQUIRE(b.result->ok());
    REQUIRE(b.stager.calls.size() == 1);
    CHECK(b.stager.calls[0].from == &b.here);
    CHECK(b.stager.calls[0].from_directory == "/tmp/run-1/A");
    CHECK(b.stager.calls[0].to == &b.edge);
    for (const auto& attempt : b.edge.started) {
        REQUIRE(attempt.links.size() == 1);
        CHECK(attempt.links[0].directory == b.stager.calls[0].to_directory);
        CHECK(attempt.links[0].path == "big file");
        CHECK(attempt.script == "cat '/scratch/run-1/" + attempt.task + "/.weft/inputs/test/A/big file'");
    }
}

TEST_CASE("the next attempt retries a failed copy") {
    bench b;
    b.here.script = b.edge.script = [](const auto&) { return fake_place::exited(0); };
    const auto edge = b.plan.host("edge");
    b.plan.task("A").task("B", edge).refers("A", "f");
    b.plan.policy().attempts = 2;
    b.stager.fails = "the stream broke";
    b.start();
    CHECK(b.stager.calls.size() == 1);
    CHECK(b.edge.started.empty());
    b.stager.fails.clear();
    b.clock.advance(1s);
    CHECK(b.stager.calls.size() == 2);
    CHECK(b.result->ok());
}

TEST_CASE("a glob expands to the matching paths, and fails with a message if none matches") {
    bench b;
    b.here.script = [](const auto&) { return fake_place::exited(0); };
    b.plan.task("A").task("many").refers("A", "*.nc").task("none").refers("A", "*.txt");
    b.here.found["*.nc"] = {"a.nc", "b c.nc"};
    b.start();
    CHECK(b.status("many") == task_state::finished);
    CHECK(b.here.started[1].script ==
          "cat /tmp/run-1/many/.weft/inputs/test/A/a.nc '/tmp/run-1/many/.weft/inputs/test/A/b c.nc'");
    CHECK(b.status("none") == task_state::failed);
    CHECK((*b.result)["none"].reason == "A left nothing that matches '*.txt' in /tmp/run-1/A");
}

TEST_CASE("a missing declared output fails the task") {
    bench b;
    b.here.script = [](const auto&) { return fake_place::exited(0); };
    b.plan.task("A").outputs("result*");
    b.start();
    CHECK(b.status("A") == task_state::failed);
    CHECK((*b.result)["A"].reason == "it did not create its declared output 'result*' in /tmp/run-1/A");
}

TEST_CASE("scratch is removed after its last consumer, the scratch of final tasks is kept") {
    bench b;
    b.plan.task("A").task("B").refers("A", "f").task("C").refers("A", "f").refers("A", "g");
    b.start();
    b.here.finish("A");
    b.here.finish("B");
    CHECK(b.here.removed.empty());
    b.here.finish("C");
    REQUIRE(b.result);
    CHECK(b.here.removed == std::vector<std::string>{"/tmp/run-1/A"});
    CHECK_FALSE((*b.result)["A"].scratch_kept);
    CHECK((*b.result)["B"].scratch_kept);
    CHECK((*b.result)["C"].scratch_kept);
}

TEST_CASE("scratch is kept if a consumer failed, or if the task or the run has keep") {
    bench b;
    const bool consumer_fails = GENERATE(true, false);
    b.plan.task("A");
    const int why = GENERATE(0, 1, 2);
    if (why == 1) b.plan.policy().keep = true;
    b.how.keep = why == 2;
    b.plan.task("B").refers("A", "f");
    b.start();
    b.here.finish("A");
    b.here.finish("B", fake_place::exited(consumer_fails ? 1 : 0));
    const bool stays = why != 0 || consumer_fails;
    CHECK((*b.result)["A"].scratch_kept == stays);
}
