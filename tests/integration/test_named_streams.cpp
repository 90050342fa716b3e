// SPDX-License-Identifier: MIT
// Tasks that write to /dev/stdout and /dev/stderr by name, here and on a host over SSH.
#include <weft/weft.hpp>

#include "support/both_places.hpp"
#include "support/eventually.hpp"
#include "support/ssh_bench.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

using namespace weft;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using bench = support::both_places;
using support::place;

namespace {

std::string stdout_of(const report& result, const char* task) {
    return content(fs::path(result[task].scratch) / ".weft/stdout");
}
std::string stderr_of(const report& result, const char* task) {
    return content(fs::path(result[task].scratch) / ".weft/stderr");
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("all output of a task to its streams is recorded in order, however it opens them", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow =
        workflow<"by-name">(host<"edge">, param<"ways", std::vector<std::string>>,
                            task<"A">(sh<"n=0\n"
                                         "for way in {{ways}}; do\n"
                                         "  n=$((n + 1))\n"
                                         "  case $way in\n"
                                         "    out) echo $n ;;\n"
                                         "    err) echo $n >&2 ;;\n"
                                         "    child) sh -c \"echo $n\" ;;\n"
                                         "    tee) echo $n | tee /dev/stderr | sed 's/^/o/' ;;\n"
                                         "    process) echo $n > /proc/$$/fd/2 ;;\n"
                                         "    append*) echo $n >> ${way#append} ;;\n"
                                         "    *) echo $n > $way ;;\n"
                                         "  esac\n"
                                         "done\n">) |
                                keep | place<Remote>());
    const auto seed = GENERATE(take(3, random(0u, 1000000u)));
    CAPTURE(seed);
    std::mt19937 random(seed);
    const std::vector<std::string> ways{
        "out",         "err",         "child",     "tee",       "process",         "append/dev/stdout",
        "/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/1", "append/dev/stderr"};
    std::string given;
    std::string to_output;
    std::string to_error;
    for (int n = 1; n <= 40; ++n) {
        const std::string& way = ways[random() % ways.size()];
        given += (given.empty() ? "" : ",") + way;
        const std::string line = std::to_string(n) + '\n';
        const bool both = way == "tee";
        const bool is_error = way == "err" || way == "process" || way.ends_with('2') || way.ends_with("err");
        if (both) to_output += 'o' + line;
        (both || is_error ? to_error : to_output) += line;
    }
    bench b;
    b.how.parameters = {{"ways", given}};
    const report result = run(flow, b.how);
    INFO(result["A"].reason);
    CHECK(stdout_of(result, "A") == to_output);
    CHECK(stderr_of(result, "A") == to_error);
}

TEMPLATE_TEST_CASE_SIG("a program's arguments, a variable and a comment may name a stream too", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"named">(
        host<"edge">,
        task<"argument">(exec<"sh", "-c", "echo 1; echo 2 > \"$0\"; echo 3", "/dev/stdout">) | keep |
            place<Remote>(),
        task<"comment">(sh<"printf 'echo 2 > /dev/std%s' err > tool; echo 1 >&2; sh tool; echo 3 >&2 "
                           "# the tool writes to /dev/stderr">) |
            keep | place<Remote>(),
        task<"variable">(sh<"echo 1 >&2; echo 2 > \"$LOG\"; echo 3 >&2">) | env<"LOG">("/dev/stderr") | keep |
            place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(stdout_of(result, "argument") == "1\n2\n3\n");
    CHECK(stderr_of(result, "variable") == "1\n2\n3\n");
    CHECK(stderr_of(result, "comment") == "1\n2\n3\n");
}

TEMPLATE_TEST_CASE_SIG("a task that names its streams ends as others do", "", ((bool Remote), Remote), false,
                       true) {
    constexpr auto flow = workflow<"ends">(
        host<"edge">, task<"code">(sh<"echo said > /dev/stderr; exit 3">) | place<Remote>(),
        task<"signal">(sh<"echo said > /dev/stderr; kill -TERM $$">) | place<Remote>(),
        task<"time">(sh<"echo said > /dev/stderr; sleep 60">) | timeout(500ms) | place<Remote>(),
        task<"child">(sh<"(trap '' TERM; sleep 60) & echo said > /dev/stderr; exit 4">) | place<Remote>(),
        task<"closed">(sh<"echo said > /dev/stderr; exec <&- >&- 2>&-; exit 5">) | place<Remote>(),
        task<"much">(sh<"head -c 3000000 /dev/zero > /dev/stdout">) | keep | place<Remote>(),
        task<"removed">(sh<"rm .weft/stdout .weft/stderr; echo said > /dev/stderr; exit 6">) |
            place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["code"].exit_code == 3);
    CHECK(result["code"].stderr_tail == "said\n");
    CHECK(result["signal"].signal == SIGTERM);
    CHECK_THAT(result["signal"].stderr_tail, Catch::StartsWith("said\n"));
    CHECK_THAT(result["time"].reason, Catch::Contains("timed out"));
    CHECK_THAT(result["time"].stderr_tail, Catch::StartsWith("said\n"));
    CHECK(result["child"].exit_code == 4);
    CHECK(result["child"].stderr_tail == "said\n");
    CHECK(result["closed"].exit_code == 5);
    CHECK(result["closed"].stderr_tail == "said\n");
    CHECK(stdout_of(result, "much").size() == 3000000);
    CHECK(result["removed"].exit_code == 6);
}

TEMPLATE_TEST_CASE_SIG(
    "a process that left its task's group neither delays the task's end nor loses its output", "",
    ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"daemon">(
        host<"edge">, param<"shared", std::string>,
        task<"A">(sh<"export shared={{shared}}\n"
                     "setsid sh -c ': > there; until [ -e \"$shared/go\" ]; do sleep 0.02; done\n"
                     "echo late; echo later > /dev/stdout' &\n"
                     "until [ -e there ]; do sleep 0.02; done; echo early; pwd > {{shared}}/A">) |
            keep | place<Remote>(),
        // In the same runner: output of A's process must not be in B's file.
        task<"B">(sh<"echo mine > /dev/stdout; : > {{shared}}/go\n"
                     "file=$(cat {{shared}}/A)/.weft/stdout\n"
                     "until [ \"$(tail -n 1 \"$file\")\" = later ]; do sleep 0.02; done">) |
            after<"A"> | timeout(20s) | keep | place<Remote>());
    bench b;
    b.how.parameters = {{"shared", b.base.path().string()}};
    const report result = run(flow, b.how);
    INFO(result["B"].reason << result["B"].stderr_tail);
    CHECK(stdout_of(result, "A") == "early\nlate\nlater\n");
    CHECK(stdout_of(result, "B") == "mine\n");
}

TEMPLATE_TEST_CASE_SIG("a task fails when its output to streams by name cannot be kept", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"unkept">(
        host<"edge">,
        // Its reader is the process whose stdin is the other end of this stdout.
        task<"A">(sh<"pipe=$(readlink /proc/$$/fd/1)\n"
                     "for one in /proc/[0-9]*; do\n"
                     "  [ \"$(readlink $one/fd/0)\" != \"$pipe\" ] || kill -KILL ${one#/proc/}\n"
                     "done; exit 0">) |
            place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["A"].status == task_state::failed);
    CHECK(result["A"].exit_code == 1);
}

TEMPLATE_TEST_CASE_SIG(
    "a task that names its streams continues, and loses nothing, when its engine is killed", "",
    ((bool Remote), Remote), false, true) {
    constexpr auto flow =
        workflow<"orphan">(host<"edge">, param<"shared", std::string>,
                           task<"A">(sh<"cd {{shared}}; echo 1 > /dev/stderr; echo $OLDPWD > A.new\n"
                                        "mv A.new A; until [ -e go ]; do sleep 0.02; done\n"
                                        "echo 2 >&2; echo 3 > /dev/stderr; : > done">) |
                               place<Remote>());
    bench b;
    b.how.parameters = {{"shared", b.base.path().string()}};
    const pid_t engine = ::fork();
    REQUIRE(engine >= 0);
    if (engine == 0) {
        run(flow, b.how);
        ::_exit(0);
    }
    const bool began = support::eventually([&] { return fs::exists(b.base.path() / "A"); });
    ::kill(engine, SIGKILL);
    ::waitpid(engine, nullptr, 0);
    REQUIRE(began);
    std::ofstream(b.base.path() / "go");
    REQUIRE(support::eventually([&] { return fs::exists(b.base.path() / "done"); }));
    std::string scratch = content(b.base.path() / "A");
    scratch.pop_back();
    CHECK(support::eventually([&] { return content(scratch + "/.weft/stderr") == "1\n2\n3\n"; }));
}
