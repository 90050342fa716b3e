// SPDX-License-Identifier: MIT
#include <weft/engine/scheduler.hpp>
#include <weft/engine/urgency.hpp>

#include "support/fake_place.hpp"
#include "support/plan_builder.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <random>

using support::fake_place;
using support::plan_builder;
using weft::engine::health;
using weft::engine::scheduler;
using condition = weft::engine::place::condition;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

/// A fake place with a given connection state.
struct sick_place : weft::engine::backend {
    health is = health::well;
    weft::os::async<weft::engine::capacity> open() override { co_return weft::engine::capacity{}; }
    health health_now() const override { return is; }
    weft::os::async<weft::engine::outcome> run(const weft::engine::attempt&) override {
        co_return weft::engine::outcome{};
    }
    void stop(const std::string&, weft::engine::stop_signal) override {}
    weft::os::async<void> close() override { co_return; }
};

/// A scheduler with its plan and its machines; the first place is this machine.
struct bench {
    plan_builder plan;
    weft::plan::view view;
    std::deque<sick_place> backends;
    std::vector<weft::engine::place> places;
    std::vector<weft::engine::staging::source> sources;
    std::vector<double> weights;
    std::unique_ptr<scheduler> schedule;

    explicit bench(unsigned slots, std::uint64_t memory = 0) { machine(weft::plan::none, slots, memory); }

    void machine(weft::plan::index host, unsigned slots, std::uint64_t memory = 0) {
        auto& row = places.emplace_back();
        row.host = host;
        row.slots = slots;
        row.memory = memory;
        row.state = condition::open;
        row.tasks = &backends.emplace_back();
    }
    void task(const std::string& name, unsigned cpus = 1, std::uint64_t memory = 0,
              weft::plan::index host = weft::plan::none) {
        plan.task(name, host);
        plan.policy().cpus = cpus;
        plan.policy().memory = memory;
    }
    void ready() {
        view = plan.view();
        sources.resize(view.tasks.size());
        schedule = std::make_unique<scheduler>(view, places, sources, weights);
    }
    void add_all() {
        ready();
        for (weft::plan::index row = 0; row < view.tasks.size(); ++row) schedule->add(row);
    }
    weft::plan::index row(const std::string& name) const {
        for (weft::plan::index each = 0; each < view.tasks.size(); ++each)
            if (view.tasks[each].name == name) return each;
        throw std::logic_error("no task " + name);
    }
    std::string why_never_fits(const std::string& name) const { return schedule->why_never_fits(row(name)); }
    void release(const std::string& name) { schedule->release(row(name)); }

    /// The names of all tasks that start now, with `@` and the machine's number if there are several.
    std::string starts() {
        std::string text;
        while (const auto next = schedule->next()) {
            if (!text.empty()) text += ' ';
            text += view.tasks[next->task].name;
            if (places.size() > 1) text += '@' + std::to_string(next->at - places.data());
        }
        return text;
    }
};

}  // namespace

TEST_CASE("a task's urgency is its weight plus that of the heaviest chain behind it") {
    plan_builder plan;
    plan.task("a").task("b").after("a").task("c").after("b").task("d").after("a").task("e");
    CHECK(weft::engine::urgency(plan.view()) == std::vector<double>{3, 2, 1, 1, 1});
    // The weight of e is unknown: it counts as the mean of the others.
    const std::vector<double> weights{1, 2, 3, 10, 0};
    CHECK(weft::engine::urgency(plan.view(), weights) == std::vector<double>{11, 5, 3, 10, 4});
}

TEST_CASE("the most urgent task starts first, equally urgent ones in declaration order") {
    bench b(1);
    b.task("leaf"), b.task("other leaf"), b.task("head");
    b.plan.task("middle").after("head").task("tail").after("middle");
    b.ready();
    for (const char* name : {"leaf", "other leaf", "head"}) b.schedule->add(b.row(name));
    std::string order;
    for (std::string now; !(now = b.starts()).empty(); b.release(now)) order += now + ';';
    CHECK(order == "head;leaf;other leaf;");
}

TEST_CASE("with weights of an earlier run a long task starts before a long chain of short ones") {
    bench b(1);
    b.task("short"), b.task("long");
    b.plan.task("behind short").after("short");
    b.weights = {1, 10, 1};
    b.ready();
    b.schedule->add(0), b.schedule->add(1);
    CHECK(b.starts() == "long");
}

TEST_CASE("memory is allocated like slots") {
    bench b(8, 16 * gib);
    b.task("a", 1, 6 * gib), b.task("b", 1, 6 * gib), b.task("c", 1, 6 * gib), b.task("small", 1, gib);
    b.add_all();
    CHECK(b.starts() == "a b small");
    b.release("small");
    CHECK(b.starts().empty());
    b.release("a");
    CHECK(b.starts() == "c");
}

TEST_CASE("a machine of unknown memory accepts any memory request") {
    bench b(2);
    b.task("a", 1, 1000 * gib), b.task("b", 1, 1000 * gib);
    b.add_all();
    CHECK(b.why_never_fits("a").empty());
    CHECK(b.starts() == "a b");
}

TEST_CASE("a task that can never fit is reported with the available memory") {
    bench b(4, 16 * gib);
    const auto one = b.plan.host("edge");
    const auto several = b.plan.host("workers");
    b.machine(one, 4, 3 * gib + gib / 2);
    b.machine(several, 4, 8 * gib), b.machine(several, 4, 2 * gib);
    b.task("here", 1, 64 * gib), b.task("fits", 64, 16 * gib);
    b.task("there", 1, 4 * gib, one), b.task("anywhere", 1, 9 * gib, several);
    b.ready();
    CHECK(b.why_never_fits("here") == "it needs 64 GiB of memory, and this machine has 16 GiB");
    CHECK(b.why_never_fits("fits").empty());
    CHECK(b.why_never_fits("there") == "it needs 4 GiB of memory, and host edge has 3.5 GiB");
    CHECK(b.why_never_fits("anywhere") ==
          "it needs 9 GiB of memory, and no machine of host workers has more than 8 GiB");
    // A machine that is still opening may have more memory.
    b.places[3].state = condition::opening;
    CHECK(b.why_never_fits("anywhere").empty());
    b.places[3].state = condition::failed;
    CHECK(b.why_never_fits("anywhere") == "it needs 9 GiB of memory, and host workers has 8 GiB");
}

TEST_CASE("small tasks do not starve a task that needs many cpus") {
    bench b(4);
    b.task("wide", 4);
    for (int i = 0; i < 100; ++i) b.task("t" + std::to_string(i));
    b.ready();
    for (weft::plan::index row = 1; row <= 100; ++row) b.schedule->add(row);
    CHECK(b.starts() == "t0 t1 t2 t3");
    b.schedule->add(0);
    for (const char* name : {"t2", "t0", "t3"}) {
        b.release(name);
        CHECK(b.starts().empty());
    }
    b.release("t1");
    CHECK(b.starts() == "wide");
    b.release("wide");
    CHECK(b.starts() == "t4 t5 t6 t7");
}

TEST_CASE("other tasks run on a reserved machine only if they cannot delay the reserving task") {
    bench b(4, 16 * gib);
    b.task("running", 1, 10 * gib), b.task("large", 1, 10 * gib);
    for (int i = 0; i < 4; ++i) b.task("slim" + std::to_string(i), 1, 2 * gib);
    for (int i = 0; i < 4; ++i) b.task("free" + std::to_string(i));
    b.add_all();
    // The large task leaves 6 of 16 GiB and one of four slots free.
    CHECK(b.starts() == "running slim0 slim1 slim2");
    b.release("slim0");
    CHECK(b.starts() == "slim3");
    b.release("running");
    CHECK(b.starts() == "large");
    b.release("slim1"), b.release("slim2"), b.release("slim3");
    CHECK(b.starts() == "free0 free1 free2");
}

TEST_CASE("dropping a task releases its reservation") {
    bench b(2);
    b.task("first"), b.task("wide", 2), b.task("last");
    b.add_all();
    CHECK(b.starts() == "first");
    b.schedule->drop(b.row("wide"));
    CHECK(b.starts() == "last");
}

TEST_CASE("a retried task waits for a reservation, and then runs") {
    bench b(3);
    b.task("first", 2), b.task("second", 2);
    b.add_all();
    CHECK(b.starts() == "first");  // from now on the machine is reserved for the second
    b.release("first");
    b.schedule->add(b.row("first"));  // a retry
    CHECK(b.starts() == "second");
    b.release("second");
    CHECK(b.starts() == "first");
}

TEST_CASE("an attached task occupies its slots even if none is free") {
    bench b(2, 4 * gib);
    b.task("old", 1, 4 * gib), b.task("older", 2, 4 * gib), b.task("new");
    b.ready();
    b.schedule->occupy(b.row("old"), b.places[0]);
    b.schedule->occupy(b.row("older"), b.places[0]);
    b.schedule->add(b.row("new"));
    CHECK(b.starts().empty());
    b.release("old");
    CHECK(b.starts().empty());
    b.release("older");
    CHECK(b.starts() == "new");
}

TEST_CASE("a wide task waits for one machine of its host, the other machines continue") {
    bench b(1);
    const auto workers = b.plan.host("workers");
    b.machine(workers, 2), b.machine(workers, 2);
    for (int i = 0; i < 4; ++i) b.task("t" + std::to_string(i), 1, 0, workers);
    b.task("wide", 2, 0, workers);
    for (int i = 4; i < 8; ++i) b.task("t" + std::to_string(i), 1, 0, workers);
    b.add_all();
    CHECK(b.starts() == "t0@1 t1@2 t2@1 t3@2");
    b.release("t0");
    CHECK(b.starts().empty());  // one slot of the first machine is reserved
    b.release("t1");
    CHECK(b.starts() == "t4@2");
    b.release("t2");
    CHECK(b.starts() == "wide@1");
}

TEST_CASE("a task that needs more cpus than any machine has runs alone on the largest") {
    bench b(1);
    const auto workers = b.plan.host("workers");
    b.machine(workers, 2), b.machine(workers, 4), b.machine(workers, 8);
    b.places[3].state = condition::opening;
    b.task("wide", 64, 0, workers), b.task("narrow", 1, 0, workers);
    b.add_all();
    CHECK(b.starts() == "narrow@2");  // the largest machine is still unknown
    b.places[3].state = condition::failed;
    CHECK(b.starts().empty());
    b.release("narrow");
    CHECK(b.starts() == "wide@2");
}

TEST_CASE(
    "a task that needs more cpus than any machine with enough memory has runs alone on the largest of "
    "these") {
    bench b(1);
    const auto workers = b.plan.host("workers");
    b.machine(workers, 8, gib), b.machine(workers, 1, 4 * gib), b.machine(workers, 2, 4 * gib);
    b.task("wide", 4, 2 * gib, workers), b.task("narrow", 1, 2 * gib, workers);
    b.add_all();
    CHECK(b.starts() == "wide@3 narrow@2");
}

TEST_CASE("tasks spread over the machines of their host, preferring those with their inputs") {
    bench b(1);
    const auto workers = b.plan.host("workers");
    b.machine(workers, 2), b.machine(workers, 2);
    b.task("one"), b.task("two");
    for (int i = 0; i < 3; ++i) {
        b.task("of one " + std::to_string(i), 1, 0, workers), b.plan.refers("one", "f");
    }
    for (int i = 0; i < 3; ++i) {
        b.task("of two " + std::to_string(i), 1, 0, workers), b.plan.refers("two", "f");
    }
    b.ready();
    b.sources[0].at = &b.places[1];
    b.sources[1].at = &b.places[2];
    for (weft::plan::index row = 2; row < 8; ++row) b.schedule->add(row);
    CHECK(b.starts() == "of one 0@1 of one 1@1 of two 0@2 of two 1@2");
    b.release("of two 0");
    CHECK(b.starts() == "of two 2@2");
    // No task with local inputs is left: remote inputs are better than an idle machine.
    b.release("of two 1");
    CHECK(b.starts() == "of one 2@2");
}

TEST_CASE("a disconnected machine gets no task that another machine can hold") {
    bench b(1);
    const auto workers = b.plan.host("workers");
    b.machine(workers, 1, 4 * gib), b.machine(workers, 2, 8 * gib);
    b.task("a", 1, 0, workers), b.task("b", 1, 0, workers), b.task("large", 1, 8 * gib, workers);
    b.ready();
    b.backends[2].is = health::broken;
    b.schedule->add(0), b.schedule->add(1);
    CHECK(b.starts() == "a@1");
    b.schedule->add(2);
    CHECK(b.starts() == "large@2");  // waits there until it reconnects
    b.backends[2].is = health::well;
    CHECK(b.starts() == "b@2");
}

TEST_CASE("no machine is ever overcommitted, and every task runs") {
    std::mt19937 random(GENERATE(range(1u, 20u)));
    const auto some = [&](unsigned least, unsigned most) {
        return std::uniform_int_distribution<unsigned>(least, most)(random);
    };
    bench b(some(1, 8), some(4, 16) * gib);
    const auto workers = b.plan.host("workers");
    for (unsigned i = some(1, 5); i > 0; --i) b.machine(workers, some(1, 8), some(4, 16) * gib);
    for (int i = 0; i < 300; ++i)
        b.task("t" + std::to_string(i), some(1, 10), some(0, 4) * gib,
               some(0, 3) == 0 ? weft::plan::none : workers);
    b.add_all();
    std::vector<std::pair<weft::plan::index, weft::engine::place*>> running;
    std::size_t started = 0;
    do {
        while (const auto next = b.schedule->next()) running.emplace_back(next->task, next->at), ++started;
        for (const auto& place : b.places) {
            std::uint64_t memory = 0;
            unsigned cpus = 0, tasks = 0;
            for (const auto& [task, at] : running)
                if (at == &place)
                    memory += b.view.policies[task].memory, cpus += b.view.policies[task].cpus, ++tasks;
            REQUIRE(memory <= place.memory);
            REQUIRE((cpus <= place.slots || tasks == 1));
        }
        REQUIRE_FALSE(running.empty());
        std::swap(running[some(0, static_cast<unsigned>(running.size()) - 1)], running.back());
        b.schedule->release(running.back().first);
        running.pop_back();
    } while (!running.empty() || started < 300);
    CHECK(started == 300);
}
