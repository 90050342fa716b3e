// SPDX-License-Identifier: MIT
// Reachable hosts that do not report how a task ended, and unreachable hosts: the run ends nevertheless.
#include <weft/weft.hpp>

#include "support/ssh_bench.hpp"
#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

using namespace weft;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A host whose every command runs through `script`, which finds it in SSH_ORIGINAL_COMMAND.
struct bench {
    support::temporary_directory base;
    std::unique_ptr<support::sshd> server;
    options how{.scratch = (base.path() / "here").string(), .host_deadline = 1s, .grace = 100ms};

    explicit bench(const std::string& script = {}) {
        const std::string file = (base.path() / "forced").string();
        std::ofstream(file) << script << '\n';
        server = std::make_unique<support::sshd>(script.empty() ? "" : "ForceCommand sh " + file);
        ssh_host edge = server->binding();
        edge.scratch = (base.path() / "there").string();
        edge.connect_timeout = 3s;
        how.hosts = {{"edge", edge}};
    }

    /// The scratch directory of a running or ended task on the host.
    fs::path scratch(const std::string& task) const {
        for (const auto& run : fs::directory_iterator(base.path() / "there"))
            if (fs::exists(run.path() / task)) return run.path() / task;
        return {};
    }
    bool is_there(const std::string& task, const std::string& file) const {
        return fs::exists(base.path() / "there") && !scratch(task).empty() &&
               fs::exists(scratch(task) / file);
    }
};

constexpr const char* no_ends =
    "{ eval \"$SSH_ORIGINAL_COMMAND\" 2>&1 >&3 3>&- | sed -u '/ end /d' >&2; } 3>&1";

}  // namespace

TEST_CASE("a task whose end is never reported is lost after its limit, the grace period and the deadline") {
    constexpr auto flow =
        workflow<"silent">(host<"edge">, task<"A">(sh<"true">) | on<"edge"> | timeout(300ms),
                           task<"B">(sh<"true">) | after<"A">, task<"C">(sh<"true">));
    bench b(no_ends);
    const report result = weft::run(flow, b.how);
    CHECK(result["A"].status == task_state::failed);
    CHECK_THAT(result["A"].reason,
               Catch::StartsWith("timed out after 0.3 s; no end was reported within 1 s") &&
                   Catch::Contains("the task may still run there, in edge:"));
    CHECK(result["B"].status == task_state::skipped);
    CHECK(result["C"].status == task_state::finished);
    CHECK(result.elapsed < 60s);
}

TEST_CASE("one request to stop ends a run whose host never reports the end of a task") {
    constexpr auto flow = workflow<"silent">(host<"edge">, task<"A">(sh<"true">) | on<"edge">);
    bench b(no_ends);
    std::stop_source stop;
    b.how.stop = stop.get_token();
    const std::jthread person([&] {
        support::eventually([&] { return b.is_there("A", ".weft/exit"); });
        stop.request_stop();
    });
    const report result = weft::run(flow, b.how);
    CHECK(result.cancelled);
    CHECK(result["A"].status == task_state::cancelled);
}

TEST_CASE("a run ends whose host puts a terminal between its shell and the connection") {
    constexpr auto flow =
        workflow<"terminal">(host<"edge">, task<"A">(sh<"true">) | on<"edge"> | timeout(300ms));
    bench b("exec script -qec \"$SSH_ORIGINAL_COMMAND\" /dev/null");
    const report result = weft::run(flow, b.how);
    INFO(result["A"].reason);
    CHECK(result["A"].status == task_state::failed);
    CHECK_FALSE(result["A"].reason.empty());
}

TEST_CASE("tasks of a host that stays away fail by its name, also those that would be tried again there") {
    constexpr auto flow = workflow<"lost">(host<"edge">, task<"A">(sh<"sleep 1000">) | on<"edge">,
                                           task<"B">(sh<"sleep 1000">) | on<"edge"> | retry(2));
    bench b;
    const std::jthread fault([&] {
        support::eventually(
            [&] { return b.is_there("A", ".weft/wrapper") && b.is_there("B", ".weft/wrapper"); });
        b.server->stop();
    });
    const report result = weft::run(flow, b.how);
    for (const char* task : {"A", "B"}) {
        CHECK(result[task].status == task_state::failed);
        CHECK_THAT(result[task].reason,
                   Catch::Contains("host edge: ") && Catch::Contains("so it is unreachable"));
        CHECK(result[task].attempts == 1);
    }
    REQUIRE(result.hosts.size() == 1);
    CHECK(result.hosts[0].name == "edge");
    CHECK_THAT(result.hosts[0].reason, Catch::StartsWith("host edge: ") && Catch::Contains("unreachable"));
}

TEST_CASE(
    "the reason why a host cannot be used is in the report, in its own words, and in its tasks' reasons") {
    constexpr auto flow = workflow<"refused">(host<"edge">, task<"A">(sh<"true">) | on<"edge">,
                                              task<"B">(sh<"true">) | after<"A">);
    bench b;
    b.server->stop();
    const report result = weft::run(flow, b.how);
    REQUIRE(result.hosts.size() == 1);
    CHECK_THAT(result.hosts[0].reason,
               Catch::StartsWith("host edge (") && Catch::Contains("connection refused"));
    CHECK_THAT(result["A"].reason, Catch::Contains(result.hosts[0].reason));
    CHECK(result["B"].reason == "A failed");
}
