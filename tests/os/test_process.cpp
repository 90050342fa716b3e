// SPDX-License-Identifier: MIT
#include <weft/os/process.hpp>
#include <weft/os/process_table.hpp>
#include <weft/os/scratch_files.hpp>

#include "support/content.hpp"
#include "support/run_async.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iterator>

using namespace std::chrono_literals;
using support::content;
namespace os = weft::os;

namespace {

os::process_start shell(const std::string& script) {
    os::process_start start;
    start.arguments = {"sh", "-c", script};
    start.environment = os::environment_with({{"WEFT_TEST", "a b"}});
    return start;
}

os::process_end run(os::reactor& loop, const os::process_start& start) {
    os::process child(start);
    support::run_async(loop, child.ended(loop));
    return child.reap();
}

}  // namespace

TEST_CASE("a child's exit code and the signal that ended it are distinguished") {
    os::reactor loop;
    const os::process_end seven = run(loop, shell("exit 7"));
    CHECK_FALSE(seven.signalled);
    CHECK(seven.code == 7);
    const os::process_end high = run(loop, shell("exit 137"));
    CHECK_FALSE(high.signalled);
    CHECK(high.code == 137);
    const os::process_end killed = run(loop, shell("kill -KILL $$"));
    CHECK(killed.signalled);
    CHECK(killed.code == SIGKILL);
}

TEST_CASE("a program that cannot be started is named with the reason") {
    os::process_start start;
    start.environment = os::environment_with({});
    start.arguments = {"no-such-program-anywhere"};
    CHECK_THROWS_WITH(os::process(start),
                      Catch::Contains("no-such-program-anywhere") && Catch::Contains("No such file"));
    start.arguments = {"/etc/passwd"};
    CHECK_THROWS_WITH(os::process(start),
                      Catch::Contains("/etc/passwd") && Catch::Contains("ermission denied"));
}

TEST_CASE("a child leads its own group and inherits only the descriptors it is given") {
    os::reactor loop;
    support::temporary_directory directory;
    const os::descriptor leaking(
        ::open("/dev/null", O_RDONLY));  // without O_CLOEXEC, as another library may do
    const os::descriptor out = os::create_private_file((directory.path() / "out").string());
    os::process_start start = shell("ls /proc/self/fd | wc -l; echo \"$WEFT_TEST\"; pwd; cat");
    start.directory = directory.path().string();
    start.output = out.get();
    os::process child(start);
    CHECK(::getpgid(child.id()) == child.id());
    support::run_async(loop, child.ended(loop));
    child.reap();
    // 0, 1, 2 and the directory that ls is reading.
    CHECK(content(directory.path() / "out") == "4\na b\n" + directory.path().string() + "\n");
}

TEST_CASE("a child starts with default signal handling, whatever this process ignores") {
    os::reactor loop;
    const auto before = std::signal(SIGTERM, SIG_IGN);
    const os::process_end end = run(loop, shell("kill -TERM $$; exit 3"));
    std::signal(SIGTERM, before);
    CHECK(end.signalled);
    CHECK(end.code == SIGTERM);
}

TEST_CASE("processes of a group or with a variable are found, and ended even when they ignore TERM") {
    os::reactor loop;
    support::temporary_directory directory;
    const std::string fifo = (directory.path() / "fifo").string();
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    os::process_start start =
        shell("trap '' TERM; setsid sleep 1000 & sleep 1000 & : > '" + fifo + "'; wait");
    start.environment = os::environment_with({{"WEFT_RUN", "test-of-os"}});
    os::process child(start);
    content(fifo);  // returns when all have been started
    while (os::processes_with("WEFT_RUN=test-of-os").size() < 3) ::sched_yield();
    // setsid(1) is in the group until it leaves it.
    while (os::processes_in_group(child.id()).size() > 2) ::sched_yield();
    CHECK(os::processes_in_group(child.id()).size() == 2);
    CHECK(os::processes_with("WEFT_RUN=test-of-o").empty());
    support::run_async(loop, os::end_processes(loop, os::processes_with("WEFT_RUN=test-of-os"), 50ms,
                                               [](pid_t) { return true; }));
    child.reap();
    CHECK(os::processes_in_group(child.id()).empty());
    CHECK(os::processes_with("WEFT_RUN=test-of-os").empty());
}

TEST_CASE("a process whose id has been reused is neither ended nor waited for") {
    os::reactor loop;
    os::process meant(shell("exec sleep 1000"));
    os::process other(shell("exec sleep 1000"));
    support::run_async(loop, os::end_processes(loop, {meant.id(), other.id()}, 50ms,
                                               [&](pid_t one) { return one != other.id(); }));
    CHECK(meant.reap().code == SIGTERM);
    CHECK(::kill(other.id(), 0) == 0);
    ::kill(other.id(), SIGKILL);
    CHECK(other.reap().code == SIGKILL);
}

TEST_CASE("a process with a group's id leads a later group") {
    os::process leader(shell("sleep 1000 & wait"));
    std::vector<pid_t> group;
    while ((group = os::processes_in_group(leader.id())).size() < 2) ::sched_yield();
    const pid_t member = group[0] == leader.id() ? group[1] : group[0];
    CHECK_FALSE(os::is_left_of_group(member, leader.id()));
    ::kill(leader.id(), SIGKILL);
    leader.reap();
    CHECK(os::is_left_of_group(member, leader.id()));
    ::kill(member, SIGKILL);
}
