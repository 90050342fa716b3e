// SPDX-License-Identifier: MIT
// The effect of a lost connection, or a killed process on the host, on the host's tasks.
#include <weft/os/process.hpp>

#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using support::ssh_bench;
using support::when_there;
using weft::engine::outcome;
using weft::engine::stop_signal;

TEST_CASE("a task outlives its connection: a new one gets its exit code, and it ran once") {
    ssh_bench b;
    const auto edge = b.opened();
    // The task continues only after its connection is gone.
    const std::string script =
        "echo started >> log; while [ ! -e go ]; do sleep 0.02; done; echo ended >> log; exit 3";
    SECTION("it ends before the new connection") {
        when_there cut(b.loop, b.scratch("A") / "log", [&] {
            b.server.cut();
            std::ofstream(b.scratch("A") / "go") << "";
        });
        const outcome end = b.wait(edge->run(b.shell("A", script)));
        INFO(end.message);
        CHECK(end.how == outcome::kind::exited);
        CHECK(end.code == 3);
    }
    SECTION("it ends after the new connection") {
        when_there cut(b.loop, b.scratch("A") / "log", [&] { b.server.cut(); });
        const auto later = b.loop.after(1500ms, [&] { std::ofstream(b.scratch("A") / "go") << ""; });
        const outcome end = b.wait(edge->run(b.shell("A", script)));
        INFO(end.message);
        CHECK(end.how == outcome::kind::exited);
        CHECK(end.code == 3);
    }
    CHECK(content(b.scratch("A") / "log") == "started\nended\n");
    // The host works as before.
    CHECK(b.wait(edge->run(b.shell("B", "true"))).ok());
    b.wait(edge->close());
    CHECK(b.processes_of_the_run().empty());
    CHECK(b.eventually([&] { return b.server.connections().empty(); }));
}

TEST_CASE("a task can be stopped before the loss of its connection is known, during it and after it") {
    ssh_bench b;
    const auto edge = b.opened();
    const auto delay = GENERATE(0ms, 50ms, 1000ms);
    std::unique_ptr<weft::os::clock::alarm> later;
    when_there cut(b.loop, b.scratch("A") / "there", [&] {
        b.server.cut();
        const auto stop = [&] { edge->stop(b.scratch("A").string(), stop_signal::kill); };
        if (delay == 0ms)
            stop();
        else
            later = b.loop.after(delay, stop);
    });
    const outcome end = b.wait(edge->run(b.shell("A", "touch there; sleep 1000")));
    INFO(end.message);
    CHECK(end.how == outcome::kind::signalled);
    CHECK(end.code == SIGKILL);
    b.wait(edge->close());
}

TEST_CASE("a task whose start waits for a lost connection can be stopped, and does not run later") {
    ssh_bench b;
    const auto edge = b.opened();
    b.server.cut();
    REQUIRE(b.eventually([&] { return edge->health_now() == weft::engine::health::broken; }));
    const auto stop = [&] { edge->stop(b.scratch("A").string(), stop_signal::terminate); };
    std::unique_ptr<weft::os::clock::alarm> soon;
    if (GENERATE(true, false))
        soon = b.loop.after(0ms, stop);
    else
        stop();
    const outcome end = b.wait(edge->run(b.shell("A", "sleep 1000")));
    INFO(end.message);
    CHECK(end.how == outcome::kind::signalled);
    b.wait(edge->close());
}

TEST_CASE("requests to a host are sent again after a lost connection, and a cut transfer fails") {
    ssh_bench b;
    const auto edge = b.opened();
    CHECK(b.wait(edge->run(b.shell("A", "head -c 300000000 /dev/zero > f"))).ok());
    const std::string scratch = b.scratch("A").string();
    std::string trouble;
    const auto transfer = [&]() -> weft::os::async<void> {
        const auto through = std::make_shared<weft::os::memory_pipe>();
        weft::os::pipe_writer sink(through);
        const weft::os::pipe_reader source(
            through);  // never read, so that the transfer cannot end before the cut
        std::vector<std::string> paths{"f"};
        try {
            co_await edge->send(scratch, std::move(paths), {}, std::move(sink));
        } catch (const weft::engine::place_error& error) {
            trouble = error.what();
        }
    };
    weft::os::spawn(transfer());
    const auto cut = b.loop.after(300ms, [&] { b.server.cut(); });
    const auto wait = [&]() -> weft::os::async<void> {
        while (trouble.empty()) {
            const auto found = co_await edge->match(scratch, "f", false);
            CHECK(found == std::vector<std::string>{"f"});
        }
    };
    b.wait(wait());
    CHECK_THAT(trouble, Catch::Contains("host edge") && Catch::Contains("connection"));
    CHECK(b.wait(edge->tail(scratch + "/.weft/exit", 10)) == "0\n");
    b.wait(edge->close());
}

TEST_CASE("a host that is gone for good loses its tasks with a message, and blocks nothing") {
    ssh_bench b;
    b.how.deadline = 4s;
    const auto edge = b.opened();
    when_there cut(b.loop, b.scratch("A") / "pid", [&] { b.server.stop(); });
    const outcome end = b.wait(edge->run(b.shell("A", "echo $$ > pid; exec sleep 1000")));
    CHECK(end.how == outcome::kind::lost);
    CHECK_THAT(end.message,
               Catch::Contains("host edge: the connection was lost") &&
                   Catch::Contains("it stayed away for 4 s, so it is unreachable") &&
                   Catch::Contains("connection refused") &&
                   Catch::Contains("the task may still run there, in " + b.scratch("A").string()));
    const outcome next = b.wait(edge->run(b.shell("B", "true")));
    CHECK(next.how == outcome::kind::not_started);
    CHECK_THAT(next.message, Catch::Contains("host edge: the connection was lost"));
    b.wait(edge->close());
    ::kill(std::stoi(content(b.scratch("A") / "pid")), SIGKILL);
}

TEST_CASE("a task whose shell was killed is reported as lost") {
    ssh_bench b;
    const auto edge = b.opened();
    when_there kill(b.loop, b.scratch("A") / "pid",
                    [&] { ::kill(std::stoi(content(b.scratch("A") / ".weft/wrapper")), SIGKILL); });
    const outcome end = b.wait(edge->run(b.shell("A", "echo $$ > pid; exec sleep 1000")));
    CHECK(end.how == outcome::kind::lost);
    CHECK_THAT(end.message, Catch::Contains("host edge") && Catch::Contains("the shell that ran it is gone"));
    b.wait(edge->close());
    CHECK(b.processes_of_the_run().empty());
}

TEST_CASE(
    "a task on a host that was rebooted is lost, and a process that reuses its id is not stopped in its "
    "place") {
    ssh_bench b;
    const auto edge = b.opened();
    weft::os::process_start other;
    other.arguments = {"sleep", "1000"};
    other.environment = weft::os::environment_with({});
    weft::os::process owner(other);
    const fs::path mark = b.scratch("A") / ".weft/wrapper";
    when_there reboot(b.loop, b.scratch("A") / "there", [&] {
        b.server.cut();
        ::kill(std::stoi(content(mark)), SIGKILL);
        for (const pid_t one : b.processes_of_the_run()) ::kill(one, SIGKILL);
        CHECK(content(mark).size() > 36);  // includes the boot id
        std::ofstream(mark) << owner.id() << " 00000000-0000-0000-0000-000000000000\n";
        edge->stop(b.scratch("A").string(), stop_signal::terminate);
    });
    const outcome end = b.wait(edge->run(b.shell("A", "> there; sleep 1000")));
    CHECK(end.how == outcome::kind::lost);
    b.wait(edge->close());
    ::kill(owner.id(), SIGKILL);
    CHECK(owner.reap().code == SIGKILL);  // not TERM
}

TEST_CASE("a task that removes its own scratch on a host still ends") {
    ssh_bench b;
    const auto edge = b.opened();
    CHECK(b.wait(edge->run(b.shell("A", "rm -rf \"$PWD\"; exit 5"))).code == 5);
    b.wait(edge->close());
}

TEST_CASE("a task whose start went with the connection is started once, over the next connection") {
    ssh_bench b;
    b.how.deadline = 30s;
    const auto edge = b.opened();
    const int before = GENERATE(0, 1);  // whether the host has read the request
    if (before == 0)
        for (const pid_t connection : b.server.connections()) ::kill(connection, SIGSTOP);
    const auto cut = b.loop.after(before == 0 ? 100ms : 0ms, [&] { b.server.cut(); });
    const outcome end = b.wait(edge->run(b.shell("A", "echo run >> ../log; exit 3")));
    INFO(end.message);
    CHECK(end.how == outcome::kind::exited);
    CHECK(end.code == 3);
    CHECK(content(b.scratch("log")) == "run\n");
    b.wait(edge->close());
}

TEST_CASE("a frozen host loses nothing when it resumes, and is unreachable when it does not") {
    ssh_bench b;
    const bool for_good = GENERATE(false, true);
    b.how.deadline = for_good ? 2s : 30s;
    b.how.connect_timeout = for_good ? 4s : 10s;
    const auto edge = b.opened();
    std::vector<pid_t> frozen;
    const auto freeze = [&] {
        frozen = b.server.connections();
        frozen.push_back(b.server.id());
        for (const pid_t one : frozen) ::kill(one, SIGSTOP);
    };
    const auto thaw = [&] {
        for (const pid_t one : frozen) ::kill(one, SIGCONT);
    };
    const std::string script =
        "echo started >> log; echo $$ > pid; while [ ! -e go ]; do sleep 0.02; done; exit 4";
    when_there then(b.loop, b.scratch("A") / "pid", freeze);
    if (!for_good) {
        const auto later = b.loop.after(500ms, [&] {
            thaw();
            std::ofstream(b.scratch("A") / "go") << "";
        });
        const outcome end = b.wait(edge->run(b.shell("A", script)));
        INFO(end.message);
        CHECK(end.how == outcome::kind::exited);
        CHECK(end.code == 4);
    }
    if (for_good) {
        const outcome end = b.wait(edge->run(b.shell("A", script)));
        CHECK(end.how == outcome::kind::lost);
        CHECK_THAT(end.message, Catch::Contains("it does not answer any more") &&
                                    Catch::Contains("it stayed away for 2 s, so it is unreachable") &&
                                    Catch::Contains("the task may still run there"));
        thaw();
        std::ofstream(b.scratch("A") / "go") << "";
        CHECK(b.eventually([&] { return b.processes_of_the_run().empty(); }));
    }
    CHECK(content(b.scratch("A") / "log") == "started\n");
    b.wait(edge->close());
}

TEST_CASE("an idle connection stays, however long it is idle") {
    ssh_bench b;
    b.how.deadline = 4s;  // a keepalive is sent every half second
    const auto edge = b.opened();
    CHECK(b.wait(edge->run(b.shell("A", "sleep 3"))).ok());
    CHECK(b.server.log().find("Accepted publickey") == b.server.log().rfind("Accepted publickey"));
    b.wait(edge->close());
}
