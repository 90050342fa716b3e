// SPDX-License-Identifier: MIT
#include "support/run_bench.hpp"

#include <weft/os/reactor.hpp>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using bench = support::run_bench;
using support::fake_place;
using support::names;
using support::several_machines;
using weft::task_state;
using weft::engine::stop_signal;

TEST_CASE("stopping cancels waiting tasks and ends running ones, a second stop kills at once") {
    bench b;
    b.plan.task("A").task("B").after("A");
    b.start();
    b.engine_run->stop();
    REQUIRE(b.here.stopped.size() == 1);
    CHECK(b.here.stopped[0].second == stop_signal::terminate);
    b.engine_run->stop();
    REQUIRE(b.here.stopped.size() == 2);
    CHECK(b.here.stopped[1].second == stop_signal::kill);
    b.here.finish("A", fake_place::killed(9));
    REQUIRE(b.result);
    CHECK(b.result->cancelled);
    CHECK(b.status("A") == task_state::cancelled);
    CHECK(b.status("B") == task_state::cancelled);
    CHECK(b.clock.next_due() < 0s);
}

TEST_CASE("stopping ends reconnection after the grace, a second stop ends it at once") {
    bench b;
    const auto edge = b.plan.host("edge");
    b.plan.task("A", edge).task("B");
    b.start();
    b.engine_run->stop();
    CHECK(b.edge.interrupted == 0);
    SECTION("after the grace") {
        b.clock.advance(5s);
    }
    SECTION("a second time") {
        b.engine_run->stop();
    }
    CHECK(b.edge.interrupted == 1);
    b.edge.finish("A", fake_place::killed(15));
    b.here.finish("B", fake_place::killed(15));
    REQUIRE(b.result);
    CHECK(b.clock.next_due() < 0s);
}

TEST_CASE("stopping cancels a scheduled retry") {
    bench b;
    b.plan.task("A");
    b.plan.policy().attempts = 5;
    b.plan.policy().retry_delay = 1min;
    b.start();
    b.here.finish("A", fake_place::exited(1));
    b.engine_run->stop();
    REQUIRE(b.result);
    CHECK(b.status("A") == task_state::cancelled);
    CHECK(b.clock.next_due() < 0s);
}

TEST_CASE("a command whose end is not reported after KILL is lost, and the run continues") {
    bench b;
    b.here.slots = 1;
    b.plan.task("A");
    b.plan.policy().time_limit = 2s;
    b.plan.task("B");
    b.start();
    b.clock.advance(2s + 5s + 59s);
    CHECK_FALSE(b.here.is_running("B"));
    b.clock.advance(1s);
    b.here.finish("B");
    REQUIRE(b.result);
    CHECK((*b.result)["A"].reason ==
          "timed out after 2 s; no end was reported within 60 s after KILL; the task may still run there, in "
          "/tmp/run-1/A");
    CHECK(b.status("B") == task_state::finished);
    b.here.finish("A");  // too late: ignored
}

TEST_CASE("a run ends even if a place does not finish closing") {
    bench b;
    b.plan.task("A");
    b.here.closes_later = true;
    b.start();
    b.here.finish("A");
    CHECK_FALSE(b.result);
    b.clock.advance(120s);
    REQUIRE(b.result);
    CHECK(b.result->ok());
    CHECK(b.clock.next_due() < 0s);
    b.here.close_now();
}

TEST_CASE("when no event is left the run ends, and names the tasks that it waited for") {
    bench b;
    b.plan.task("A").task("B").after("A");
    b.start();  // A never ends, and no alarm is set
    weft::os::reactor loop;
    const auto wait = [&]() -> weft::os::async<void> { co_await b.ended; };
    loop.run(wait(), [&] { b.engine_run->fail_stranded(); });
    REQUIRE(b.result);
    CHECK((*b.result)["A"].reason ==
          "no event can end its wait: this is a bug in weft, "
          "please report it");
    CHECK(b.status("B") == task_state::skipped);
    b.here.finish("A");
}

TEST_CASE("one stop ends a run whose commands' ends are never reported") {
    bench b;
    b.plan.task("A").task("B").after("A");
    b.start();
    b.engine_run->stop();
    b.clock.advance(5s + 60s);
    REQUIRE(b.result);
    CHECK(b.result->cancelled);
    CHECK(b.status("A") == task_state::cancelled);
    CHECK(b.clock.next_due() < 0s);
    b.here.finish("A");
}
