// SPDX-License-Identifier: MIT
// How a later session continues after an earlier one.
#include <weft/engine/workflow_run.hpp>

#include "support/fake_clock.hpp"
#include "support/fake_place.hpp"
#include "support/fake_recorder.hpp"
#include "support/plan_builder.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>

using support::fake_place;
using weft::task_state;
using weft::engine::outcome;
using state = weft::engine::past_attempt::state;

namespace {

/// The second session of a run with tasks `A`, `B` and `C` on a host.
struct bench {
    support::temporary_directory base;
    support::plan_builder plan;
    weft::plan::view view;
    support::fake_clock clock;
    fake_place here, edge;
    support::fake_stager stager;
    weft::engine::observer silent;
    support::fake_recorder record{{"A", "B", "C"}};
    std::unique_ptr<weft::engine::workflow_run> engine_run;
    std::optional<weft::report> result;

    void start() {
        view = plan.view();
        std::vector<weft::engine::place> places(2);
        places[0].directory = "/tmp/run-1";
        places[0].tasks = &here, places[0].contents = &here;
        places[1].host = 0;
        places[1].name = "edge";
        places[1].directory = "/scratch/run-1";
        places[1].tasks = &edge, places[1].contents = &edge;
        weft::engine::settings how;
        how.run = "run-1";
        how.results = (base.path() / "results").string();
        how.record = &record;
        how.session = 2;
        engine_run = std::make_unique<weft::engine::workflow_run>(view, how, places, stager, clock, silent);
        weft::os::spawn(drive());
    }
    weft::os::async<void> drive() { result = co_await engine_run->run(); }
    task_state status(const char* task) const { return (*result)[task].status; }
};

outcome never() {
    outcome nothing;
    nothing.how = outcome::kind::never_began;
    return nothing;
}

}  // namespace

TEST_CASE("an attempt that already runs on a host holds its slots") {
    bench b;
    const auto host = b.plan.host("edge");
    b.edge.slots = 1;
    b.plan.task("A", host).task("B", host);
    b.record.left("B", state::begun, "edge");
    b.start();
    CHECK(b.edge.attached.size() == 1);
    CHECK(b.edge.started.empty());
    b.edge.finish("B");
    CHECK(b.edge.is_running("A"));
    b.edge.finish("A");
    REQUIRE(b.result);
    CHECK(b.result->ok());
}

TEST_CASE("an attached attempt releases its slots when its predecessor fails") {
    bench b;
    const auto host = b.plan.host("edge");
    b.edge.slots = 1;
    b.plan.task("A", host).collect("f").task("B", host).after("A").task("C", host);
    b.record.left("A", state::finished, "edge").collected = false;
    b.record.left("B", state::begun, "edge");
    b.stager.fails = "No space left on device";
    b.start();
    b.edge.finish("C");
    REQUIRE(b.result);
    CHECK(b.status("A") == task_state::failed);
    CHECK(b.status("B") == task_state::skipped);
    CHECK(b.status("C") == task_state::finished);
}

TEST_CASE("tasks that are reused or attached are not rejected for lack of memory") {
    bench b;
    const auto host = b.plan.host("edge");
    b.edge.memory = 1u << 20;
    b.plan.task("A", host);
    b.plan.policy().memory = 1u << 30;
    b.plan.task("B", host);
    b.plan.policy().memory = 1u << 30;
    b.record.left("A", state::finished, "edge");
    b.record.left("B", state::begun, "edge");
    b.start();
    b.edge.finish("B");
    REQUIRE(b.result);
    CHECK(b.result->ok());
    CHECK(b.edge.started.empty());
}

TEST_CASE("an attempt that never started is replaced, independent of the retry policy") {
    bench b;
    const auto host = b.plan.host("edge");
    b.plan.task("A", host).task("B", host).refers("A", "f");
    b.record.left("A", state::begun, "edge");
    b.edge.left = [](const auto&) { return never(); };
    b.start();
    REQUIRE(b.edge.started.size() == 1);
    CHECK(b.edge.started[0].number == 2);
    CHECK(b.edge.started[0].scratch == "/scratch/run-1/A~2");
    b.edge.finish("A", never());  // lost again before its start
    REQUIRE(b.edge.started.size() == 2);
    CHECK(b.edge.started[1].number == 3);
    b.edge.finish("A");
    b.edge.finish("B");
    REQUIRE(b.result);
    CHECK(b.result->ok());
}

TEST_CASE("a task fails when its host reports repeatedly that the attempt never started") {
    bench b;
    const auto host = b.plan.host("edge");
    b.plan.task("A", host);
    b.edge.script = [](const auto&) { return never(); };
    b.start();
    REQUIRE(b.result);
    CHECK(b.status("A") == task_state::failed);
    CHECK(b.edge.started.size() == 4);
}

TEST_CASE("a finished task whose output cannot be collected has failed and does not run again") {
    bench b;
    const auto host = b.plan.host("edge");
    b.plan.task("A", host).collect("f");
    b.record.left("A", state::finished, "edge");
    b.stager.fails = "No space left on device";
    b.start();
    REQUIRE(b.result);
    CHECK(b.status("A") == task_state::failed);
    CHECK((*b.result)["A"].reason ==
          "it finished, but its outputs could not be collected: No space left on device");
    CHECK(b.edge.started.empty());
    CHECK(b.record.written == std::vector<std::string>{"settles A failed", "run_ends"});
}
