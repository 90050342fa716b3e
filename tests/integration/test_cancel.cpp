// SPDX-License-Identifier: MIT
// Cancelled runs: nothing of them remains, the journal records it, and they can be resumed.
#include <weft/weft.hpp>

#include <weft/os/process_table.hpp>

#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <thread>

using namespace weft;
namespace fs = std::filesystem;
using support::content;
using support::eventually;
using bench = support::steps_bench;

TEST_CASE("after Ctrl-C or SIGTERM nothing is left, status says cancelled, and resume continues the run") {
    const int signal = GENERATE(SIGINT, SIGTERM);
    bench b;
    const auto engine = b.begin({});
    REQUIRE(eventually([&] { return b.ran("B.1"); }));
    engine->signal(signal);
    const support::ended end = engine->wait();
    CHECK(end.code == 130);
    CHECK_THAT(end.err, Catch::Contains("INFO to resume: ") && Catch::Contains(" resume " + b.run()));
    CHECK(os::processes_with("WEFT_RUN=" + b.run()).empty());
    CHECK_THAT(b.tell({"status"}).out, Catch::Contains(": cancelled\n"));
    b.go();
    const support::ended resumed = b.begin({"resume"})->wait();
    INFO(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(b.result() == "a\nb\nc\n");
    CHECK_FALSE(b.ran("A.2"));
    CHECK(content(b.log / "B.2") == "ran\n");
}

TEST_CASE("a stop token cancels a run in code, which can be resumed") {
    constexpr auto flow = workflow<"in-code">(
        host<"edge">, param<"dir", std::string>, task<"A">(sh<"echo ran >> {{dir}}/A; echo a > f">),
        task<"here">(sh<"echo ran >> {{dir}}/here; test -e {{dir}}/go || sleep 1000">) | after<"A">,
        task<"there">(
            sh<"echo ran >> {{dir}}/there; test -e {{dir}}/go || sleep 1000; cat workflow:///A/f">) |
            on<"edge">);
    const support::sshd server;
    const support::temporary_directory base;
    options how;
    how.hosts = {{"edge", server.binding()}};
    how.scratch = (base.path() / "scratch").string();
    how.hosts[0].host.scratch = how.scratch;
    how.state = (base.path() / "state").string();
    how.parameters["dir"] = base.path().string();
    how.grace = std::chrono::milliseconds(300);
    std::stop_source stop;
    how.stop = stop.get_token();
    std::jthread stopper([&] {
        // The files exist a moment before their contents.
        eventually([&] {
            return content(base.path() / "here") == "ran\n" && content(base.path() / "there") == "ran\n";
        });
        stop.request_stop();
    });
    const report cancelled = run(flow, how);
    CHECK(cancelled.cancelled);
    CHECK(cancelled["here"].status == task_state::cancelled);
    CHECK(cancelled["there"].status == task_state::cancelled);
    CHECK(os::processes_with("WEFT_RUN=" + cancelled.run).empty());
    std::ofstream(base.path() / "go") << "";
    how.stop = {};
    how.resume = cancelled.run;
    const report resumed = run(flow, how);
    CHECK(resumed.ok());
    CHECK(content(base.path() / "A") == "ran\n");
    CHECK(content(base.path() / "there") == "ran\nran\n");
}
