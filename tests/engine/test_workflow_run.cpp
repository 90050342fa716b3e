// SPDX-License-Identifier: MIT
#include <weft/engine/workflow_run.hpp>
#include <weft/os/reactor.hpp>

#include "support/fake_clock.hpp"
#include "support/fake_place.hpp"
#include "support/fake_recorder.hpp"
#include "support/plan_builder.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>

using namespace std::chrono_literals;
using support::fake_place;
using support::plan_builder;
using weft::task_state;
using weft::engine::stop_signal;

namespace {

/// A run over fakes: `here` and, when the plan has a host, `edge`.
struct bench {
    plan_builder plan;
    weft::plan::view view;
    support::fake_clock clock;
    fake_place here, edge;
    support::fake_stager stager;
    weft::engine::observer silent;
    weft::engine::settings how;
    std::unique_ptr<weft::engine::workflow_run> engine_run;
    std::optional<weft::report> result;
    weft::os::completion<bool> ended;

    bench() {
        how.run = "run-1";
        how.grace = 5s;
        how.results = "/results";
    }

    void start() {
        view = plan.view();
        std::vector<weft::engine::place> places(1);
        places[0].directory = "/tmp/run-1";
        places[0].tasks = &here;
        places[0].contents = &here;
        for (weft::plan::index host = 0; host < view.hosts.size(); ++host) {
            auto& place = places.emplace_back();
            place.host = host;
            place.name = view.hosts[host];
            place.directory = "/scratch/run-1";
            place.tasks = &edge;
            place.contents = &edge;
        }
        engine_run = std::make_unique<weft::engine::workflow_run>(view, how, places, stager, clock, silent);
        weft::os::spawn(drive());
    }
    weft::os::async<void> drive() {
        result = co_await engine_run->run();
        ended.set(true);
    }
    task_state status(const char* task) const { return (*result)[task].status; }
};

/// A run over fakes with a host of two machines, `one` and `two`.
struct several_machines : bench {
    fake_place one, two;

    void start() {
        view = plan.view();
        std::vector<weft::engine::place> places(3);
        places[0].tasks = &here, places[0].contents = &here, places[0].directory = "/tmp/run-1";
        for (const std::size_t i : {1u, 2u}) {
            places[i].host = 0;
            places[i].name = i == 1 ? "workers@one" : "workers@two";
            places[i].directory = "/scratch/run-1";
            places[i].tasks = i == 1 ? &one : &two;
            places[i].contents = i == 1 ? &one : &two;
        }
        engine_run = std::make_unique<weft::engine::workflow_run>(view, how, places, stager, clock, silent);
        weft::os::spawn(drive());
    }
};

std::vector<std::string> names(const fake_place& place) {
    std::vector<std::string> result;
    for (const auto& attempt : place.started) result.push_back(attempt.task);
    return result;
}

}  // namespace

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
