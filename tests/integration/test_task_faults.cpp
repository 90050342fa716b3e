// SPDX-License-Identifier: MIT
// Misbehaving tasks, here and on a host over SSH.
#include <weft/weft.hpp>

#include "support/both_places.hpp"
#include "support/ssh_bench.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

using namespace weft;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using bench = support::both_places;
using support::place;

TEMPLATE_TEST_CASE_SIG("a task may close, or replace, its output streams", "", ((bool Remote), Remote), false,
                       true) {
    constexpr auto flow = workflow<"closed">(
        host<"edge">, task<"A">(sh<"exec <&- >&- 2>&-; sleep 0.1; : > f">) | outputs<"f"> | place<Remote>(),
        task<"B">(sh<"rm .weft/stdout .weft/stderr; echo said; exit 4">) | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["A"].status == task_state::finished);
    CHECK(result["B"].exit_code == 4);
    CHECK(result["B"].stderr_tail.empty());
}

TEMPLATE_TEST_CASE_SIG("a task that removes its own scratch ends with its exit code", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow =
        workflow<"removes">(host<"edge">, task<"A">(sh<"rm -rf \"$PWD\"; exit 5">) | place<Remote>(),
                            task<"B">(sh<"rm -rf \"$PWD\"">) | place<Remote>(),
                            task<"C">(sh<"rm -rf \"$PWD\"; kill -TERM $$">) | place<Remote>(),
                            task<"D">(sh<": > f; rm -rf \"$PWD\"">) | outputs<"f"> | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["A"].exit_code == 5);
    CHECK(result["B"].status == task_state::finished);
    CHECK(result["C"].signal == SIGTERM);
    CHECK_THAT(result["D"].reason, Catch::StartsWith("it did not create its declared output 'f'"));
}

TEMPLATE_TEST_CASE_SIG("a promised output that is left out, or comes late, fails its task by name", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"promises">(
        host<"edge">, task<"none">(sh<": > other">) | outputs<"f"> | place<Remote>(),
        task<"glob">(sh<": > a.txt">) | outputs<"*.nc"> | place<Remote>(),
        // It would continue after the task, but is killed at the task's end.
        task<"late">(sh<"(sleep 3; : > f) & exit 0">) | outputs<"f"> | place<Remote>(),
        task<"in-time">(sh<"(sleep 0.2; : > f) & wait">) | outputs<"f"> | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK_THAT(result["none"].reason, Catch::StartsWith("it did not create its declared output 'f' in ") &&
                                          Catch::Contains(result["none"].scratch));
    CHECK_THAT(result["glob"].reason, Catch::StartsWith("it did not create its declared output '*.nc'"));
    CHECK_THAT(result["late"].reason, Catch::StartsWith("it did not create its declared output 'f'"));
    CHECK(result["in-time"].status == task_state::finished);
}

TEMPLATE_TEST_CASE_SIG("a failure ends the run with --fail-fast, otherwise all independent tasks continue",
                       "", ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"policies">(
        host<"edge">, param<"dir", std::string>,
        task<"fails">(sh<"while ! test -e {{dir}}/there; do sleep 0.02; done; exit 3">) | place<Remote>(),
        task<"long">(sh<": > {{dir}}/there; if test -e {{dir}}/wait; then sleep 1000; fi">) | place<Remote>(),
        task<"after">(sh<"true">) | after<"fails">);
    bench b;
    b.how.jobs = 2;
    b.how.hosts[0].host.slots = 2;
    b.how.parameters["dir"] = b.base.path().string();
    b.how.fail_fast = GENERATE(true, false);
    if (b.how.fail_fast) std::ofstream(b.base.path() / "wait") << "";
    const report result = run(flow, b.how);
    CHECK_FALSE(result.ok());
    CHECK(result["fails"].exit_code == 3);
    CHECK(result["after"].status == task_state::skipped);
    CHECK(result["long"].status == (b.how.fail_fast ? task_state::cancelled : task_state::finished));
    CHECK(weft::os::processes_with("WEFT_RUN=" + result.run).empty());
}

TEMPLATE_TEST_CASE_SIG("each attempt has its directory, and the delay between attempts doubles", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"backs-off">(
        host<"edge">, task<"A">(sh<"date +%s%N > at; exit 9">) | retry(2, 400ms) | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["A"].attempts == 3);
    const fs::path last = result["A"].scratch;
    const fs::path run = last.parent_path();
    CHECK(last.filename() == "A~3");
    const auto at = [&](const char* name) { return std::stoll(content(run / name / "at")) / 1000000; };
    // Half of the delay is random.
    CHECK(at("A~2") - at("A") >= 200);
    CHECK(at("A~3") - at("A~2") >= 400);
}

TEMPLATE_TEST_CASE_SIG("a process tree that ignores TERM is gone after its time limit and the grace period",
                       "", ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"tree">(
        host<"edge">,
        task<"A">(sh<"trap '' TERM; for i in 1 2 3; do (sleep 1000 | sleep 1000) & done; "
                     "setsid sh -c 'trap \"\" TERM; sleep 1000 & sleep 1000' & wait; sleep 1000">) |
            timeout(300ms) | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["A"].reason == "timed out after 0.3 s");
    CHECK(weft::os::processes_with("WEFT_RUN=" + result.run).empty());
}

TEMPLATE_TEST_CASE_SIG("a task that the kernel kills for want of memory is reported as such", "",
                       ((bool Remote), Remote), false, true) {
    const fs::path group = "/sys/fs/cgroup/memory/weft-test-" + std::to_string(::getpid());
    std::error_code refused;
    if (!fs::exists(group.parent_path() / "memory.limit_in_bytes") || !fs::create_directory(group, refused)) {
        WARN("skipped: no memory cgroup can be made here");
        return;
    }
    std::ofstream(group / "memory.limit_in_bytes") << "40M";
    constexpr auto flow = workflow<"memory">(
        host<"edge">, param<"group", std::string>,
        task<"itself">(sh<"echo $$ > {{group}}/cgroup.procs; ulimit -v 400000; exec tail /dev/zero">) |
            place<Remote>(),
        task<"command">(sh<"echo $$ > {{group}}/cgroup.procs; ulimit -v 400000; tail /dev/zero > f">) |
            place<Remote>());
    bench b;
    b.how.parameters["group"] = group.string();
    b.how.jobs = 1;
    b.how.hosts[0].host.slots = 1;
    const report result = run(flow, b.how);
    fs::remove(group);
    CHECK(result["itself"].signal == SIGKILL);
    CHECK(result["itself"].reason ==
          "killed by SIGKILL, not by weft: the kernel does this when memory runs out");
    CHECK_THAT(result["command"].reason,
               Catch::EndsWith("killed by SIGKILL, not by weft: the kernel does this when memory runs out"));
}

TEST_CASE("a missing program, and the reason why a pipeline fails, are named") {
    constexpr auto flow = workflow<"reasons">(task<"input">(sh<"true">) | inputs<"no/sim.c">,
                                              task<"glob">(sh<"true">) | inputs<"/no/where/*.c">,
                                              task<"pipe">(sh<"seq 1000000 | head -n 1 > f">));
    support::temporary_directory base;
    const report result = run(flow, {.scratch = base.path().string()});
    CHECK(result["input"].reason ==
          "its input 'no/sim.c' does not exist: there is no " + (fs::current_path() / "no/sim.c").string());
    CHECK(result["glob"].reason == "nothing matches '*.c' in /no/where");
    CHECK(result["pipe"].reason ==
          "exit code 141, a command was killed by SIGPIPE: its reader in a pipeline ended first, as "
          "`head` "
          "does");
}
