// SPDX-License-Identifier: MIT
#include <weft/weft.hpp>

#include "support/both_places.hpp"
#include "support/content.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

using namespace weft;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using support::place;

namespace {

struct bench : support::both_places {
    bench() { fs::create_directories(base.path() / "edge"); }
};

/// Whether the process whose id is in `file` has ended; a zombie counts as ended.
bool is_gone(const fs::path& file) {
    std::string pid = content(file);
    REQUIRE(!pid.empty());
    pid.pop_back();
    const std::string row = content("/proc/" + pid + "/stat");
    return row.empty() || row.find(") Z ") != row.npos;
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("exit codes and signals are distinguished, and the end of stderr is in the report", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"ends">(
        host<"edge">, task<"three">(sh<"echo first >&2; echo last words >&2; exit 3">) | place<Remote>(),
        task<"killed">(sh<"kill -KILL $$">) | place<Remote>(),
        task<"pipe">(sh<"false | true">) | place<Remote>(),
        task<"unset">(sh<"echo $no_such_variable">) | place<Remote>(),
        task<"absent">(exec<"no-such-program-anywhere">) | place<Remote>(),
        task<"fine">(exec<"sh", "-c", "test \"$1\" = 'a  b'", "sh", "a  b">) | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["three"].exit_code == 3);
    CHECK(result["three"].stderr_tail == "first\nlast words\n");
    CHECK(result["killed"].signal == SIGKILL);
    CHECK_THAT(result["killed"].reason, Catch::StartsWith("killed by SIGKILL, not by weft"));
    for (const char* failed : {"pipe", "unset", "absent"}) {
        INFO(failed);
        CHECK(result[failed].status == task_state::failed);
    }
    INFO(result["fine"].reason << result["fine"].stderr_tail);
    CHECK(result["fine"].status == task_state::finished);
    CHECK_FALSE(result.ok());
}

TEMPLATE_TEST_CASE_SIG("a task that runs out of time is killed with all of its processes", "",
                       ((bool Remote), Remote), false, true) {
    // It ignores TERM, so only KILL after the grace period ends it.
    constexpr auto flow = workflow<"late">(
        host<"edge">,
        task<"slow">(sh<"trap '' TERM; sleep 1000 & echo $! > child; echo $$ > parent; wait; sleep 1000">) |
            timeout(300ms) | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    CHECK(result["slow"].reason == "timed out after 0.3 s");
    CHECK(is_gone(fs::path(result["slow"].scratch) / "child"));
    CHECK(is_gone(fs::path(result["slow"].scratch) / "parent"));
}

TEMPLATE_TEST_CASE_SIG("no process of a task survives the run, not even one that left its group", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"orphans">(
        host<"edge">, task<"A">(sh<"sleep 1000 & echo $! > child; setsid sleep 1000 & echo $! > daemon">) |
                          place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    INFO(result["A"].reason);
    REQUIRE(result.ok());
    CHECK(is_gone(fs::path(result["A"].scratch) / "child"));
    CHECK(is_gone(fs::path(result["A"].scratch) / "daemon"));
}

TEMPLATE_TEST_CASE_SIG("a hundred megabytes on stdout and stderr go to files without blocking the task", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"loud">(
        host<"edge">, task<"A">(sh<"head -c 100M /dev/zero; head -c 100M /dev/zero >&2">) | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    INFO(result["A"].reason);
    REQUIRE(result.ok());
    CHECK(fs::file_size(fs::path(result["A"].scratch) / ".weft/stdout") == 100u << 20);
    CHECK(fs::file_size(fs::path(result["A"].scratch) / ".weft/stderr") == 100u << 20);
}

TEMPLATE_TEST_CASE_SIG("a task is tried again until it succeeds, each time in a fresh directory", "",
                       ((bool Remote), Remote), false, true) {
    support::temporary_directory count;
    constexpr auto flow = workflow<"again">(host<"edge">, param<"file", std::string>,
                                            task<"A">(sh<"test ! -e mark; touch mark; echo x >> {{file}}; "
                                                         "test $(wc -l < {{file}}) = 3; echo done > f">) |
                                                retry(4, 1ms) | place<Remote>(),
                                            task<"B">(sh<"cat workflow:///A/f">));
    bench b;
    b.how.parameters["file"] = (count.path() / "the count's file").string();
    const report result = run(flow, b.how);
    INFO(result["A"].reason << result["A"].stderr_tail);
    REQUIRE(result.ok());
    CHECK(result["A"].attempts == 3);
    CHECK(content(fs::path(result["B"].scratch) / ".weft/stdout") == "done\n");
}

TEMPLATE_TEST_CASE_SIG("the files of a run are accessible to its user only", "", ((bool Remote), Remote),
                       false, true) {
    constexpr auto flow =
        workflow<"private">(host<"edge">, task<"A">(sh<"env > seen">) |
                                              env<"SECRET_WORD">("it's \"$HOME\" `x` \\") | place<Remote>());
    bench b;
    const report result = run(flow, b.how);
    REQUIRE(result.ok());
    const fs::path scratch = result["A"].scratch;
    CHECK_THAT(content(scratch / "seen"), Catch::Contains("SECRET_WORD=it's \"$HOME\" `x` \\\n"));
    const auto others = fs::perms::group_all | fs::perms::others_all;
    CHECK((fs::status(scratch.parent_path()).permissions() & others) == fs::perms::none);
    CHECK((fs::status(scratch).permissions() & others) == fs::perms::none);
    for (const auto& entry : fs::recursive_directory_iterator(scratch / ".weft")) {
        INFO(entry.path());
        CHECK((entry.status().permissions() & others) == fs::perms::none);
    }
}

TEMPLATE_TEST_CASE_SIG("a stop ends running tasks and cancels the others, within the grace period", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow =
        workflow<"stopped">(host<"edge">, param<"started", std::string>,
                            task<"A">(sh<"echo $$ > pid; : > {{started}}; sleep 1000">) | place<Remote>(),
                            task<"B">(sh<"true">) | after<"A">);
    bench b;
    const fs::path fifo = b.base.path() / "started";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    b.how.parameters["started"] = fifo.string();
    std::stop_source stop;
    b.how.stop = stop.get_token();
    std::jthread stopper([&] {
        content(fifo);  // returns when the task has opened and closed it
        stop.request_stop();
    });
    const report result = run(flow, b.how);
    CHECK(result.cancelled);
    CHECK(result["A"].status == task_state::cancelled);
    CHECK(result["B"].status == task_state::cancelled);
    CHECK(is_gone(fs::path(result["A"].scratch) / "pid"));
}

TEMPLATE_TEST_CASE_SIG("a second Ctrl-C kills tasks that ignore the first at once", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"interrupted">(
        host<"edge">, param<"started", std::string>, param<"ended", std::string>,
        task<"A">(sh<"echo $$ > pid; e={{ended}}; trap ': > \"$e\"' TERM; : > {{started}}; "
                     "while :; do sleep 1000 & wait || :; done">) |
            place<Remote>());
    bench b;
    const fs::path started = b.base.path() / "started";
    const fs::path ended = b.base.path() / "ended";
    for (const fs::path& fifo : {started, ended}) REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    b.how.parameters = {{"started", started.string()}, {"ended", ended.string()}};
    b.how.handle_signals = true;
    b.how.grace = 1h;
    std::jthread user([&] {
        content(started);
        ::kill(::getpid(), SIGINT);
        content(ended);  // the task has got TERM and continues
        ::kill(::getpid(), SIGINT);
    });
    const report result = run(flow, b.how);
    CHECK(result.cancelled);
    CHECK(result["A"].status == task_state::cancelled);
    CHECK(is_gone(fs::path(result["A"].scratch) / "pid"));
}

TEST_CASE("a host whose scratch cannot be written fails its tasks with one line that names the reason") {
    bench b;
    std::ofstream(b.base.path() / "file") << "not a directory";
    b.how.hosts[0].host.scratch = (b.base.path() / "file/below").string();
    constexpr auto flow =
        workflow<"full">(host<"edge">, task<"A">(sh<"true">) | on<"edge">, task<"B">(sh<"true">));
    const report result = run(flow, b.how);
    CHECK(result["A"].status == task_state::failed);
    CHECK(result["B"].status == task_state::finished);
}

TEST_CASE("bindings and parameters that do not fit the workflow are rejected before anything starts") {
    constexpr auto flow = workflow<"strict">(host<"edge">, param<"n", int>, task<"A">(sh<"echo {{n}}">));
    options how;
    how.parameters["n"] = "5";
    how.hosts = {{"egde", {}}};
    CHECK_THROWS_WITH(run(flow, how), Catch::Contains("no host 'egde'") && Catch::Contains("edge"));
    how.hosts.clear();
    how.parameters["n"] = "five";
    CHECK_THROWS_WITH(run(flow, how), Catch::Contains("'n'") && Catch::Contains("five"));
    how.parameters.clear();
    CHECK_THROWS_WITH(run(flow, how), Catch::Contains("'n'") && Catch::Contains("is required"));
    how.parameters = {{"n", "1"}, {"m", "2"}};
    CHECK_THROWS_WITH(run(flow, how), Catch::Contains("no parameter 'm'"));
}
