// SPDX-License-Identifier: MIT
// Tasks on a host over a real sshd: how they start, end, and are stopped.
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using support::ssh_bench;
using support::when_there;
using weft::engine::attempt;
using weft::engine::outcome;
using weft::engine::stop_signal;

namespace {

/// File names that a user may choose.
const std::vector<std::string> hostile_names = {"with space",    "quote'single",
                                                "quote\"double", "-leading",
                                                "$HOME",         "`id`",
                                                "back\\slash",   "line\nbreak",
                                                "tab\there",     "semi;colon&",
                                                "*?[x]",         "gr\xc3\xbc\xc3\x9f-\xe4\xbd\xa0",
                                                "#hash",         "~",
                                                "%s%n"};

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

/// Whether the process whose id is in `file` is alive; a zombie is not.
bool alive(const fs::path& file) {
    std::ifstream in("/proc/" + std::to_string(std::stoi(content(file))) + "/stat");
    std::string line;
    std::getline(in, line);
    const auto name_end = line.rfind(')');
    return name_end != line.npos && line[name_end + 2] != 'Z';
}

}  // namespace

TEST_CASE("a task on a host has its scratch, its environment and its exit code") {
    ssh_bench b;
    const auto edge = b.place();
    CHECK(b.wait(edge->open()).slots >= 1);
    attempt what = b.shell("A", "echo \"$WEFT_TASK $WEFT_ATTEMPT $WEFT_RUN $COLOUR\" > f; pwd; echo err >&2");
    what.environment = {{"COLOUR", "deep 'blue' $x\n2"}};
    const outcome good = b.wait(edge->run(what));
    INFO(good.message);
    CHECK(good.ok());
    CHECK(content(b.scratch("A") / "f") == "A 1 " + b.run + " deep 'blue' $x\n2\n");
    CHECK(content(b.scratch("A") / ".weft/stdout") == b.scratch("A").string() + "\n");
    CHECK(content(b.scratch("A") / ".weft/exit") == "0\n");
    CHECK(fs::status(b.scratch("A")).permissions() == fs::perms::owner_all);
    CHECK(fs::status(b.scratch("A") / ".weft/environment").permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(b.wait(edge->tail((b.scratch("A") / ".weft/stderr").string(), 100)) == "err\n");
    CHECK(b.wait(edge->tail((b.scratch("A") / "none").string(), 100)).empty());

    CHECK(b.wait(edge->run(b.shell("B", "exit 7"))).code == 7);
    const outcome killed = b.wait(edge->run(b.shell("C", "kill -9 $$")));
    CHECK(killed.how == outcome::kind::signalled);
    CHECK(killed.code == 9);
    CHECK(b.wait(edge->run(b.shell("D", "false | true"))).code == 1);

    const outcome twice = b.wait(edge->run(b.shell("A", "true")));
    CHECK(twice.how == outcome::kind::not_started);
    CHECK_THAT(twice.message, Catch::Contains("host edge: cannot make the directory") &&
                                  Catch::Contains(b.scratch("A").string()));
    b.wait(edge->close());
    CHECK(b.eventually([&] { return b.server.connections().empty(); }));
}

TEST_CASE("a program's arguments reach it on a host unchanged, without a shell") {
    ssh_bench b;
    const auto edge = b.opened();
    attempt what = b.program("A", {"printf", "%s\\0"});
    what.arguments.insert(what.arguments.end(), hostile_names.begin(), hostile_names.end());
    CHECK(b.wait(edge->run(what)).ok());
    std::string expected;
    for (const std::string& name : hostile_names) expected += name + '\0';
    CHECK(content(b.scratch("A") / ".weft/stdout") == expected);

    CHECK(b.wait(edge->run(b.program("B", {"no-such-program"}))).code == 127);
    CHECK_THAT(content(b.scratch("B") / ".weft/stderr"), Catch::Contains("no-such-program"));
    b.wait(edge->close());
}

TEST_CASE("a hundred tasks run at once over one connection") {
    ssh_bench b;
    const auto edge = b.opened();
    int good = 0;
    support::run_all(b.loop, 100, [&](int i) -> weft::os::async<void> {
        const attempt what = b.shell("t" + std::to_string(i), "echo " + std::to_string(i) + " > f");
        const outcome end = co_await edge->run(what);
        good += end.ok();
    });
    CHECK(good == 100);
    CHECK(content(b.scratch("t77") / "f") == "77\n");
    b.wait(edge->close());
}

TEST_CASE("100 MiB on stdout go to a file on the host, not through the connection") {
    ssh_bench b;
    const auto edge = b.opened();
    CHECK(b.wait(edge->run(b.shell("A", "head -c 104857600 /dev/zero"))).ok());
    CHECK(fs::file_size(b.scratch("A") / ".weft/stdout") == 104857600);
    b.wait(edge->close());
}

TEST_CASE("processes that a task leaves on a host end with it, and those that left its group with the run") {
    ssh_bench b;
    const auto edge = b.opened();
    CHECK(b.wait(edge->run(b.shell("A", "sleep 1000 & echo $! > pid"))).ok());
    CHECK(b.eventually([&] { return !alive(b.scratch("A") / "pid"); }));
    CHECK(b.wait(edge->run(b.shell("B",
                                   "sh -c 'trap \"\" TERM; echo $$ > pid; while :; do sleep 1; done' & "
                                   "while [ ! -s pid ]; do sleep 0.01; done")))
              .ok());
    CHECK(b.eventually([&] { return !alive(b.scratch("B") / "pid"); }));
    CHECK(b.wait(edge->run(b.shell("C",
                                   "setsid sh -c 'echo $$ > pid; exec sleep 1000' </dev/null & "
                                   "while [ ! -s pid ]; do sleep 0.01; done")))
              .ok());
    CHECK(alive(b.scratch("C") / "pid"));
    b.wait(edge->close());
    CHECK(b.processes_of_the_run().empty());
}

TEST_CASE("a task on a host is stopped with its whole group, also right after its start") {
    ssh_bench b;
    const auto edge = b.opened();
    SECTION("by TERM") {
        edge->stop(b.scratch("A").string(), stop_signal::terminate);  // not started yet: no effect
        const when_there stop(b.loop, b.scratch("A") / "there",
                              [&] { edge->stop(b.scratch("A").string(), stop_signal::terminate); });
        const outcome end = b.wait(edge->run(b.shell("A", "touch there; sleep 1000 | sleep 1000")));
        CHECK(end.how == outcome::kind::signalled);
        CHECK(end.code == SIGTERM);
    }
    SECTION("by KILL, when it ignores TERM") {
        // Signalled when it ignores TERM already.
        std::unique_ptr<weft::os::clock::alarm> later;
        const when_there stop(b.loop, b.scratch("A") / "deaf", [&] {
            edge->stop(b.scratch("A").string(), stop_signal::terminate);
            later = b.loop.after(200ms, [&] { edge->stop(b.scratch("A").string(), stop_signal::kill); });
        });
        const outcome end =
            b.wait(edge->run(b.shell("A", "trap '' TERM; touch deaf; while :; do sleep 0.1; done")));
        CHECK(end.how == outcome::kind::signalled);
        CHECK(end.code == SIGKILL);
    }
    SECTION("immediately after the start") {
        const attempt what = b.shell("A", "sleep 1000");
        const auto both = [&]() -> weft::os::async<void> {
            const auto stop = b.loop.after(0ms, [&] { edge->stop(what.scratch, stop_signal::terminate); });
            const outcome end = co_await edge->run(what);
            CHECK(end.how == outcome::kind::signalled);
        };
        b.wait(both());
    }
    CHECK(b.processes_of_the_run().empty());
    b.wait(edge->close());
}

TEST_CASE("inputs with any name appear in the scratch of a task on a host, as links") {
    ssh_bench b;
    const auto edge = b.opened();
    const fs::path from = b.base.path() / "from here";
    attempt what = b.shell("A", "");
    for (const std::string& name : hostile_names) {
        write(from / name, "1" + name);
        write(from / "tree" / name / name, "2" + name);
        what.links.push_back({from.string(), name, ".weft/inputs/w/P/" + name});
    }
    what.links.push_back({from.string(), "tree", ".weft/inputs/w/P/tree"});
    const outcome end = b.wait(edge->run(what));
    INFO(end.message);
    CHECK(end.ok());
    const fs::path inputs = b.scratch("A") / ".weft/inputs/w/P";
    for (const std::string& name : hostile_names) {
        CHECK(content(inputs / name) == "1" + name);
        CHECK(content(inputs / "tree" / name / name) == "2" + name);
        CHECK(fs::hard_link_count(inputs / name) == 2);
        CHECK(fs::hard_link_count(inputs / "tree" / name / name) == 2);
    }
    b.wait(edge->close());
}

TEST_CASE("a missing input, or one that leads out of its scratch, prevents the start of a task on a host") {
    ssh_bench b;
    const auto edge = b.opened();
    const fs::path from = b.base.path() / "from";
    write(from / "real", "text");
    write(b.base.path() / "outside", "secret");
    fs::create_symlink("real", from / "good");
    fs::create_symlink("../outside", from / "bad");
    fs::create_symlink("..", from / "up");
    fs::create_directories(from / "tree");
    fs::create_symlink(b.base.path() / "outside", from / "tree/deep");
    const auto with = [&](const std::string& task, const std::string& path) {
        attempt what = b.shell(task, "cat .weft/inputs/it");
        what.links = {{from.string(), path, ".weft/inputs/it"}};
        return b.wait(edge->run(what));
    };
    CHECK(with("A", "good").ok());
    CHECK(content(b.scratch("A") / ".weft/stdout") == "text");
    CHECK_FALSE(fs::is_symlink(b.scratch("A") / ".weft/inputs/it"));
    for (const std::string path : {"bad", "up/outside", "tree"}) {
        const outcome end = with("B" + path.substr(0, 2), path);
        CHECK(end.how == outcome::kind::not_started);
        CHECK_THAT(end.message, Catch::Contains("'" + path) && Catch::Contains("' in " + from.string()) &&
                                    Catch::Contains("symbolic link that leads out of it"));
    }
    const outcome end = with("C", "none");
    CHECK(end.how == outcome::kind::not_started);
    CHECK_THAT(end.message, Catch::Contains("there is no 'none' in " + from.string()));
    b.wait(edge->close());
}

TEST_CASE("a login shell that prints does not disturb commands or files") {
    ssh_bench b(
        "ForceCommand echo Welcome; echo warning >&2; printf 'no line end'; eval \"$SSH_ORIGINAL_COMMAND\"");
    const auto edge = b.opened();
    CHECK(b.wait(edge->run(b.shell("A", "echo 1 > f"))).ok());
    weft::local::machine here(b.loop, b.run);
    weft::transfer::archive_stager stager;
    std::vector<std::string> paths{"f"};
    b.wait(stager.copy(*edge, b.scratch("A").string(), paths, here, (b.base.path() / "back").string(), {}));
    CHECK(content(b.base.path() / "back/f") == "1\n");
    b.wait(edge->close());
}
