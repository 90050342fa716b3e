// SPDX-License-Identifier: MIT
// The state in which a task starts, apart from its environment: the same here and on hosts, whatever shell
// starts it there.
#include <weft/local/machine.hpp>

#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <csignal>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using support::content;
using support::ssh_bench;
using support::temporary_directory;
using weft::engine::attempt;

namespace {

/// Programs that print one aspect each, without a shell in between.
const std::vector<std::pair<std::string, std::vector<std::string>>> shows{
    {"blocked signals", {"grep", "SigBlk", "/proc/self/status"}},
    {"ignored signals", {"grep", "SigIgn", "/proc/self/status"}},
    {"umask", {"grep", "Umask", "/proc/self/status"}},
    {"limits", {"cat", "/proc/self/limits"}},
    {"priority", {"nice"}},
    {"stdin", {"readlink", "/proc/self/fd/0"}},
    // 3 is the directory that it is reading. Its name is not spelled out: see "with pipes".
    {"descriptors", {"dash", "-c", "exec ls -C /proc/self/f[d]"}},
    // Field 5 is the group, 6 the session, 7 the terminal.
    {"session", {"awk", "{ print ($5 == $6 ? \"its own group\" : \"a group\"), $7 }", "/proc/self/stat"}},
    {"directory's mode", {"stat", "-c", "%a", "."}},
    {"streams' modes", {"stat", "-c", "%a", ".weft/stdout", ".weft/stderr"}},
};

/// The same as a shell task, with the shell's own options.
const char* const shell_shows = "trap; echo $-; grep -E 'Sig(Blk|Ign)' /proc/self/status";

std::string table_of(ssh_bench& b, weft::engine::backend& at) {
    std::string table;
    const auto add = [&](const std::string& title, const attempt& what) {
        const auto end = b.wait(at.run(what));
        table += title + " (" + std::to_string(end.code) + end.message + "): ";
        table += content(fs::path(what.scratch) / ".weft/stdout") + '\n';
    };
    for (const auto& [title, program] : shows) {
        add(title, b.program(title, program));
        // For a task that names its streams they are pipes.
        attempt piped = b.program(title + " with pipes", program);
        piped.environment = {{"LOG", "/dev/stderr"}};
        add(title + " with pipes", piped);
    }
    add("a shell's", b.shell("shell", shell_shows));
    return table;
}

std::string here(ssh_bench& b) {
    weft::local::machine place(b.loop, b.run);
    b.wait(place.open());
    std::string table = table_of(b, place);
    b.wait(place.close());
    return table;
}

}  // namespace

TEST_CASE("a task starts in the same state here and on hosts, whatever shell starts it") {
    const ::mode_t before = ::umask(022);
    temporary_directory tools;
    const std::string shell = GENERATE(as<std::string>{}, "dash", "bash", "busybox");
    fs::create_symlink("/bin/" + shell, tools.path() / "sh");
    ssh_bench b({}, "PATH=" + tools.path().string() + ":/usr/local/bin:/usr/bin:/bin");
    const auto edge = b.opened();
    const std::string there = table_of(b, *edge);
    fs::remove_all(b.base.path() / b.run);
    CHECK(there == here(b));
    CHECK_THAT(there, Catch::Contains("SigBlk:\t0000000000000000"));
    CHECK_THAT(there, Catch::Contains("SigIgn:\t0000000000000000"));
    CHECK_THAT(there, Catch::Contains("descriptors (0): 0  1  2  3\n"));
    CHECK_THAT(there, Catch::Contains("descriptors with pipes (0): 0  1  2  3\n"));
    CHECK_THAT(there, Catch::Contains("session (0): its own group 0"));
    b.wait(edge->close());
    ::umask(before);
}

TEST_CASE("on a host without bash a pipeline fails with any of its programs if its sh supports that") {
    // All tools except bash.
    temporary_directory tools;
    for (const auto& tool : fs::directory_iterator("/usr/bin"))
        if (const auto name = tool.path().filename(); name != "bash" && name != "sh")
            fs::create_symlink(tool.path(), tools.path() / name);
    const bool knows = GENERATE(true, false);
    fs::create_symlink(knows ? "/bin/busybox" : "/bin/dash", tools.path() / "sh");
    ssh_bench b({}, "PATH=" + tools.path().string());
    const auto edge = b.place();
    CHECK(b.wait(edge->open()).shell ==
          (knows ? weft::engine::shell_with_pipefail : weft::engine::plain_shell));
    const auto end = b.wait(edge->run(b.shell("A", "cat /nonexistent | cat >f")));
    CHECK(end.code == (knows ? 1 : 0));
    b.wait(edge->close());
}

TEST_CASE("a task on a host can be interrupted, and its interruption is reported") {
    ssh_bench b;
    const auto edge = b.opened();
    const int signal = GENERATE(SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGALRM);
    const auto end =
        b.wait(edge->run(b.program("A", {"dash", "-c", "kill -" + std::to_string(signal) + " 0; sleep 10"})));
    INFO(end.message);
    CHECK(end.how == weft::engine::outcome::kind::signalled);
    CHECK(end.code == signal);
    b.wait(edge->close());
}
