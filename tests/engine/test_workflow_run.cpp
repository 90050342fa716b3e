// SPDX-License-Identifier: MIT
#include "support/fake_recorder.hpp"
#include "support/run_bench.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using bench = support::run_bench;
using support::fake_place;
using support::names;
using support::several_machines;
using weft::task_state;
using weft::engine::stop_signal;

TEST_CASE("tasks start when their predecessors have finished, and not before") {
    bench b;
    b.plan.task("A").task("B").refers("A", "f").task("C").refers("A", "f").task("D").refers("B", "f").refers(
        "C", "f");
    b.start();
    CHECK(names(b.here) == std::vector<std::string>{"A"});
    b.here.finish("A");
    CHECK(names(b.here) == std::vector<std::string>{"A", "B", "C"});
    b.here.finish("C");
    CHECK(b.here.started.size() == 3);
    b.here.finish("B");
    CHECK(names(b.here).back() == "D");
    CHECK_FALSE(b.result);
    b.here.finish("D");
    REQUIRE(b.result);
    CHECK(b.result->ok());
    CHECK(b.here.closed);
}

TEST_CASE("a place never runs more tasks than it has slots") {
    bench b;
    b.here.slots = 3;
    for (int i = 0; i < 10; ++i) b.plan.task("t" + std::to_string(i));
    b.plan.policy().cpus = 3;
    b.start();
    for (int i = 0; i < 9; ++i) {
        CHECK(b.here.held.size() <= 3);
        CHECK_FALSE(b.here.is_running("t9"));
        b.here.finish("t" + std::to_string(i));
    }
    CHECK(b.here.is_running("t9"));
    b.here.finish("t9");
    CHECK(b.here.most_at_once == 3);
    CHECK(b.result->ok());
}

TEST_CASE("a task that wants more slots than its place has runs there alone") {
    bench b;
    b.here.slots = 2;
    b.plan.task("wide");
    b.plan.policy().cpus = 64;
    b.plan.task("narrow");
    b.start();
    CHECK(b.here.held.size() == 1);
    b.here.finish("wide");
    b.here.finish("narrow");
    CHECK(b.result->ok());
}

TEST_CASE("a failed task skips its dependents, and all other tasks still run") {
    bench b;
    b.plan.task("bad")
        .task("good")
        .task("child")
        .after("bad")
        .task("grandchild")
        .after("child")
        .task("other")
        .after("good");
    b.start();
    b.here.finish("bad", fake_place::exited(3));
    b.here.finish("good");
    b.here.finish("other");
    REQUIRE(b.result);
    CHECK_FALSE(b.result->ok());
    CHECK(b.status("bad") == task_state::failed);
    CHECK((*b.result)["bad"].exit_code == 3);
    CHECK((*b.result)["bad"].reason == "exit code 3");
    CHECK((*b.result)["bad"].stderr_tail == "tail of /tmp/run-1/bad/.weft/stderr");
    CHECK(b.status("child") == task_state::skipped);
    CHECK(b.status("grandchild") == task_state::skipped);
    CHECK((*b.result)["grandchild"].reason == "bad failed");
    CHECK(b.status("other") == task_state::finished);
}

TEST_CASE("a task killed by a signal fails with the signal's name") {
    bench b;
    b.plan.task("A");
    b.start();
    b.here.finish("A", fake_place::killed(9));
    CHECK(b.status("A") == task_state::failed);
    CHECK((*b.result)["A"].signal == 9);
    CHECK_THAT((*b.result)["A"].reason, Catch::StartsWith("killed by SIGKILL, not by weft"));
}

TEST_CASE("with fail-fast the first failure ends the run") {
    bench b;
    b.how.fail_fast = true;
    b.plan.task("bad").task("running").task("later").after("running");
    b.start();
    b.here.finish("bad", fake_place::exited(1));
    REQUIRE(b.here.stopped.size() == 1);
    CHECK(b.here.stopped[0] == std::pair(std::string("/tmp/run-1/running"), stop_signal::terminate));
    b.here.finish("running", fake_place::killed(15));
    CHECK(b.status("running") == task_state::cancelled);
    CHECK(b.status("later") == task_state::cancelled);
    CHECK_FALSE(b.result->cancelled);
    CHECK_FALSE(b.result->ok());
}

TEST_CASE("retries have doubling delays and separate directories") {
    bench b;
    b.plan.task("A");
    b.plan.policy().attempts = 3;
    b.plan.policy().retry_delay = 1000ms;
    b.start();
    b.here.finish("A", fake_place::exited(1));
    CHECK(b.clock.next_due() >= 500ms);
    CHECK(b.clock.next_due() <= 1000ms);
    b.clock.advance(1000ms);
    REQUIRE(b.here.started.size() == 2);
    CHECK(b.here.started[1].scratch == "/tmp/run-1/A~2");
    CHECK(b.here.started[1].number == 2);
    b.here.finish("A", fake_place::exited(1));
    CHECK(b.clock.next_due() >= 1000ms);
    CHECK(b.clock.next_due() <= 2000ms);
    b.clock.advance(2000ms);
    b.here.finish("A");
    CHECK(b.result->ok());
    CHECK((*b.result)["A"].attempts == 3);
}

TEST_CASE("a task fails after its last attempt, with that attempt's reason") {
    bench b;
    b.plan.task("A");
    b.plan.policy().attempts = 2;
    b.start();
    b.here.finish("A", fake_place::exited(1));
    b.clock.advance(0ms);
    b.here.finish("A", fake_place::exited(2));
    CHECK((*b.result)["A"].reason == "exit code 2");
    CHECK(b.here.started.size() == 2);
}

TEST_CASE("a time limit ends the task with TERM, then with KILL after the grace") {
    bench b;
    b.plan.task("slow");
    b.plan.policy().time_limit = 2s;
    b.start();
    b.clock.advance(1999ms);
    CHECK(b.here.stopped.empty());
    b.clock.advance(1ms);
    REQUIRE(b.here.stopped.size() == 1);
    CHECK(b.here.stopped[0].second == stop_signal::terminate);
    b.clock.advance(5s);
    REQUIRE(b.here.stopped.size() == 2);
    CHECK(b.here.stopped[1].second == stop_signal::kill);
    b.here.finish("slow", fake_place::killed(9));
    CHECK((*b.result)["slow"].reason == "timed out after 2 s");
    CHECK(b.clock.next_due() < 0s);
}

TEST_CASE("a task that ends in time is not affected by its time limit") {
    bench b;
    b.plan.task("quick").task("next").after("quick");
    b.start();
    b.here.finish("quick");
    b.clock.advance(1h);
    CHECK(b.here.stopped.empty());
    b.here.finish("next");
    CHECK(b.result->ok());
}

TEST_CASE("a task that needs more memory than its place has fails at once, all others run") {
    bench b;
    b.here.memory = 16ull << 30;
    b.plan.task("first").task("large").after("first");
    b.plan.policy().memory = 64ull << 30;
    b.plan.task("behind").after("large").task("small");
    b.plan.policy().memory = 16ull << 30;
    b.start();
    CHECK(names(b.here) == std::vector<std::string>{"first", "small"});
    b.here.finish("first");
    b.here.finish("small");
    REQUIRE(b.result);
    CHECK((*b.result)["large"].reason == "it needs 64 GiB of memory, and this machine has 16 GiB");
    CHECK(b.status("behind") == task_state::skipped);
    CHECK(b.status("small") == task_state::finished);
}

TEST_CASE("ten thousand tasks that end at once do not exhaust the stack") {
    bench b;
    b.here.script = [](const auto&) { return fake_place::exited(0); };
    b.plan.task("t0");
    for (int i = 1; i < 10000; ++i) b.plan.task("t" + std::to_string(i)).after("t" + std::to_string(i - 1));
    b.start();
    CHECK(b.result->ok());
}

TEST_CASE("each start is durable before it happens, and tasks that are ready together share one sync") {
    bench b;
    std::vector<std::string> names;
    for (int i = 0; i < 100; ++i) names.push_back("t" + std::to_string(i));
    for (const std::string& name : names) b.plan.task(name);
    b.plan.task("last").after("t0").policy().attempts = 2;
    names.emplace_back("last");
    support::fake_recorder record(names);
    b.how.record = &record;
    int waited = 0;  // starts that waited for a sync
    b.here.script = [&](const auto& what) {
        if (!record.on_disk.contains(what.scratch)) ++waited;
        return what.task == "last" && what.number == 1 ? fake_place::exited(1) : fake_place::exited(0);
    };
    b.start();
    b.clock.advance(10s);
    REQUIRE(b.result);
    CHECK(b.result->ok());
    CHECK(b.here.started.size() == 102);
    CHECK(record.waits >= waited);
    CHECK(waited <= 8);
    CHECK(record.waits <= 10);
}
