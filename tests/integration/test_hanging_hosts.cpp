// SPDX-License-Identifier: MIT
// Reachable hosts whose tools or file systems hang: each request ends, and the message names it.
#include "support/event_log.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Catch::Contains;
using support::content;
using support::event_log;
using support::ssh_bench;
using support::temporary_directory;
using support::when_there;
using weft::engine::attempt;
using weft::engine::outcome;

namespace {

/// A host whose PATH starts with a directory of the test that contains one of its tools: it hangs on demand.
struct hanging_bench {
    temporary_directory tools;
    ssh_bench b;

    explicit hanging_bench(const std::string& tool, const std::string& instead = "exec sleep 1000")
        : b({}, "PATH=" + tools.path().string() + ":/usr/local/bin:/usr/bin:/bin") {
        const std::string base = (tools.path() / "").string();
        std::ofstream(tools.path() / tool)
            << "#!/bin/sh\nif [ -e " << base << "hang ]; then echo $$ >>" << base << "pids; " << instead
            << "; fi\nPATH=${PATH#*:} exec " << tool << " \"$@\"\n";
        fs::permissions(tools.path() / tool, fs::perms::owner_all);
        b.how.deadline = 2s;
        b.how.connect_timeout = 2s;
    }
    ~hanging_bench() {
        recover();  // otherwise a shell that continues would start the next one
        std::ifstream pids(tools.path() / "pids");
        for (pid_t id = 0; pids >> id;) ::kill(id, SIGKILL);
    }
    void hang() const { std::ofstream(tools.path() / "hang") << ""; }
    void recover() const { fs::remove(tools.path() / "hang"); }

    /// A task with an input.
    attempt task(const std::string& name) const {
        fs::create_directories(b.base.path() / "from");
        std::ofstream(b.base.path() / "from/f") << "text";
        attempt what = b.shell(name, "cat f");
        what.links = {{(b.base.path() / "from").string(), "f", "f"}};
        return what;
    }
};

/// Checks the outcome of a task whose start got no reply from the host.
void check_lost(const outcome& end, const std::string& task) {
    CHECK(end.how == outcome::kind::lost);
    CHECK_THAT(end.message, Contains("host edge: no answer within 2 s when asked to start task " + task) &&
                                Contains("the task may run there"));
}

}  // namespace

TEST_CASE(
    "a start that a tool of the host holds up is lost in time, and the next one runs after the tool "
    "recovers") {
    hanging_bench h(GENERATE(as<std::string>{}, "ln", "mkdir", "setsid"));
    event_log events;
    const auto edge = h.b.place();
    edge->listen(events);
    events.on_away = [&] { h.recover(); };
    h.b.wait(edge->open());
    // The first runner exists already: only a second task requests another one.
    h.hang();
    std::vector<outcome> ends(2);
    const auto run = [&](int i) -> weft::os::async<void> {
        const attempt what = h.task(i == 0 ? "A" : "B");
        ends[static_cast<std::size_t>(i)] = co_await edge->run(what);
    };
    support::run_all(h.b.loop, 2, run);
    const bool first = ends[0].how == outcome::kind::lost;
    check_lost(ends[first ? 0 : 1], first ? "A" : "B");
    CHECK(events.away.size() == 1);
    CHECK(h.b.wait(edge->run(h.task("C"))).ok());
    CHECK(events.back.size() == 1);  // at the latest after the next task
    h.b.wait(edge->close());
}

TEST_CASE(
    "a host whose tools stay away answers nothing, is lost after two requests, and blocks no other work") {
    hanging_bench h("ln");
    const auto edge = h.b.opened();
    h.hang();
    check_lost(h.b.wait(edge->run(h.task("A"))), "A");
    check_lost(h.b.wait(edge->run(h.task("B"))), "B");
    CHECK(edge->health_now() == weft::engine::health::lost);
    CHECK_THROWS_WITH(h.b.wait(edge->remove("/nonexistent")), Contains("when asked to start task B"));
    h.b.wait(edge->close());
}

TEST_CASE("a run that ends does not wait out the host's deadline for a tool that hangs") {
    hanging_bench h("ln");
    h.b.how.deadline = 600s;
    const auto edge = h.b.opened();
    h.hang();
    when_there soon(h.b.loop, h.tools.path() / "pids", [&] { edge->interrupt(); });
    check_lost(h.b.wait(edge->run(h.task("A"))), "A");
    h.b.wait(edge->close());
}

TEST_CASE("a host whose tools hang from the start is rejected, and the message names the request") {
    hanging_bench h(GENERATE(as<std::string>{}, "mkdir", "nproc"));
    h.hang();
    CHECK_THAT(h.b.refusal(), Contains("no answer within 2 s when asked for its tools"));
}

TEST_CASE("a transfer whose host does not move fails in time, and the message names the request") {
    const bool to_host = GENERATE(true, false);
    hanging_bench h(to_host ? "dd" : "stat");
    const auto edge = h.b.opened();
    weft::local::machine here(h.b.loop, h.b.run);
    weft::transfer::archive_stager stager;
    const fs::path from = h.b.base.path() / "from";
    h.task("A");
    h.hang();
    weft::engine::files& source = to_host ? static_cast<weft::engine::files&>(here) : *edge;
    weft::engine::files& target = to_host ? static_cast<weft::engine::files&>(*edge) : here;
    std::vector<std::string> paths{"f"};
    CHECK_THROWS_WITH(
        h.b.wait(stager.copy(source, from.string(), std::move(paths), target,
                             (h.b.base.path() / "to").string(), {})),
        Contains("no answer within 2 s when asked to " + std::string(to_host ? "take 'f'" : "send 'f'")));
    h.b.wait(edge->close());
}

TEST_CASE(
    "a request whose tool is working is waited for, and one whose tool hangs is "
    "not") {
    const bool works = GENERATE(true, false);
    // It uses a processor for longer than the host's deadline, or not at all.
    hanging_bench h("rm", works ? "end=$(($(date +%s) + 6)); while [ $(date +%s) -lt $end ]; do :; done"
                                : "exec sleep 1000");
    const auto edge = h.b.opened();
    h.task("A");
    h.hang();
    if (works) {
        h.b.wait(edge->remove((h.b.base.path() / "from").string()));
        CHECK_FALSE(fs::exists(h.b.base.path() / "from"));
    } else {
        CHECK_THROWS_WITH(h.b.wait(edge->remove((h.b.base.path() / "from").string())),
                          Contains("no answer within 2 s when asked to remove"));
        CHECK(edge->health_now() == weft::engine::health::well);
        CHECK(h.b.wait(edge->run(h.b.shell("B", "true"))).ok());
    }
    h.recover();
    h.b.wait(edge->close());
}

TEST_CASE("a host whose sh closes descriptors across exec is rejected, and any other runs tasks") {
    temporary_directory tools;
    const std::string shell = GENERATE(as<std::string>{}, "mksh", "ksh93");
    if (!fs::exists("/bin/" + shell)) return;
    fs::create_symlink("/bin/" + shell, tools.path() / "sh");
    ssh_bench b({}, "PATH=" + tools.path().string() + ":/usr/local/bin:/usr/bin:/bin");
    const std::string refused = b.refusal();
    if (shell == "mksh") {
        CHECK_THAT(refused, Contains("its `sh` cannot run tasks: it closes descriptors above 2"));
        return;
    }
    // When it is called `sh`, this shell passes the descriptors on.
    CHECK(refused.empty());
    const auto edge = b.opened();
    for (const char* task : {"A", "B"}) {
        const outcome end = b.wait(edge->run(b.shell(task, "echo text >f; false | cat; exit 3")));
        CHECK(end.code == 1);  // the pipeline's, since tasks have bash
    }
    b.wait(edge->close());
    CHECK(b.eventually([&] { return b.processes_of_the_run().empty(); }));
}
