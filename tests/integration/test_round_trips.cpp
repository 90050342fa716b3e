// SPDX-License-Identifier: MIT
#include <weft/launch/run_plan.hpp>

#include "support/delaying_proxy.hpp"
#include "support/plan_builder.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

using support::delaying_proxy;
using support::plan_builder;
using support::ssh_bench;
using namespace std::chrono_literals;

namespace {

weft::report run_over(delaying_proxy& line, const ssh_bench& b, plan_builder& plan, unsigned slots) {
    weft::options how;
    weft::ssh_host host = b.server.binding_through(line.port());
    host.scratch = b.how.scratch;
    host.slots = slots;
    how.hosts = {{"edge", host}};
    how.scratch = (b.base.path() / "here").string();
    return weft::run_plan(plan.view(), how, {});
}

/// The turns of a chain of tasks, each of which reads its predecessor's file and promises its own.
unsigned turns_of_chain(const ssh_bench& b, int length) {
    delaying_proxy line(b.server.port(), 1ms);
    plan_builder plan;
    const auto host = plan.host("edge");
    for (int i = 0; i < length; ++i) {
        plan.task("t" + std::to_string(i), host).command("true > f; :").outputs("f");
        if (i > 0) plan.refers("t" + std::to_string(i - 1), "f");
    }
    const weft::report result = run_over(line, b, plan, 2);
    CHECK(result.ok());
    return line.turns();
}

}  // namespace

TEST_CASE("a chain of tasks on a host costs one round trip for each") {
    ssh_bench b;
    const unsigned of_two = turns_of_chain(b, 2);
    const unsigned of_twelve = turns_of_chain(b, 12);
    INFO("a chain of 2: " << of_two << " turns, of 12: " << of_twelve);
    CHECK(of_twelve <= of_two + 10 + 2);
}

TEST_CASE("tasks of a host that become ready together start together") {
    ssh_bench b;
    delaying_proxy line(b.server.port(), 250ms);
    plan_builder plan;
    const auto host = plan.host("edge");
    for (int i = 0; i < 8; ++i)
        plan.task("t" + std::to_string(i), host)
            .command("cat /proc/uptime > " + b.base.path().string() + "/at-" + std::to_string(i) +
                     "; sleep 1; :");
    CHECK(run_over(line, b, plan, 8).ok());
    double first = 1e18;
    double last = 0;
    for (int i = 0; i < 8; ++i) {
        const double at = std::stod(support::content(b.base.path() / ("at-" + std::to_string(i))));
        first = std::min(first, at);
        last = std::max(last, at);
    }
    INFO("from the first start to the last: " << last - first << " s, with 0.5 s a round trip");
    CHECK(last - first < 0.5 * 7);  // one after another they would take seven round trips
}
