// SPDX-License-Identifier: MIT
// The runners of a host, with every sh: each task finds and leaves its own state only.
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using support::ssh_bench;
using support::temporary_directory;
using support::when_there;
using weft::engine::attempt;
using weft::engine::outcome;
using weft::engine::stop_signal;

namespace {

/// A host with a given `sh`.
struct shell_bench {
    temporary_directory tools;
    ssh_bench b;

    explicit shell_bench(const std::string& shell)
        : b({}, "PATH=" + tools.path().string() + ":/usr/local/bin:/usr/bin:/bin") {
        fs::create_symlink("/bin/" + shell, tools.path() / "sh");
    }

    std::string output(const std::string& task) const { return content(b.scratch(task) / ".weft/stdout"); }
};

/// Processes with `word` among their arguments.
std::vector<pid_t> processes_about(const std::string& word) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        if (content(entry.path() / "cmdline").find(word) != std::string::npos)
            found.push_back(std::stoi(name));
    }
    return found;
}

/// The only runner, which exists after a first task.
pid_t idle_runner(ssh_bench& b, weft::remote::host& edge) {
    CHECK(b.wait(edge.run(b.shell("A", "true"))).ok());
    const std::vector<pid_t> idle = processes_about(b.run);
    REQUIRE(idle.size() == 1);
    return idle.front();
}

/// The shell that feeds the runners: it holds the fifo open for writing.
pid_t feeder_of(const ssh_bench& b) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::error_code none;
        const std::string file = fs::read_symlink(entry.path() / "fd/4", none).string();
        if (file.find(b.run) != std::string::npos && file.ends_with("/tokens"))
            return std::stoi(entry.path().filename());
    }
    return 0;
}

std::string any_shell() {
    return GENERATE(as<std::string>{}, "dash", "bash", "busybox");
}

}  // namespace

TEST_CASE("a task's environment, mask and descriptors are its own, whatever shell starts it") {
    shell_bench s(any_shell());
    const auto edge = s.b.opened();
    const auto run = [&](const attempt& what) { return s.b.wait(edge->run(what)); };

    // The program runs instead of the shell's builtin.
    CHECK(run(s.b.program("A", {"echo", "a  b", "--version"})).ok());
    CHECK(s.output("A") == "a  b --version\n");
    CHECK(run(s.b.program("B", {"kill", "-l", "9"})).ok());
    CHECK(s.output("B") == "KILL\n");
    CHECK(run(s.b.program("C", {"if"})).code == 127);
    CHECK(run(s.b.program("D", {"weft_job", "true"})).code == 127);

    // Variables that a shell reserves, and those that change how it works.
    attempt what = s.b.program("E", {"printenv", "OPTIND", "IFS", "LC_ALL", "weft_jobs"});
    what.environment = {{"OPTIND", "7"}, {"IFS", "_/t"}, {"LC_ALL", "C.UTF-8"}, {"weft_jobs", "mine"}};
    CHECK(run(what).ok());
    CHECK(s.output("E") == "7\n_/t\nC.UTF-8\nmine\n");
    what = s.b.program("F", {"true"});
    what.environment = {{"UID", "x"}, {"OPTIND", "x"}};
    run(what);  // rejected, by the shell or the program
    what = s.b.program("G", {"a program"});
    what.environment = {{"PATH", s.b.base.path().string()}};
    std::ofstream(s.b.base.path() / "a program") << "#!/bin/sh\necho found\n";
    fs::permissions(s.b.base.path() / "a program", fs::perms::owner_all);
    CHECK(run(what).ok());
    CHECK(s.output("G") == "found\n");

    what = s.b.shell("H", "touch f.1; umask; env; ls /proc/self/fd; cat");
    what.outputs = {"f.*"};
    const outcome end = run(what);
    CHECK(end.ok());
    CHECK(end.missing == 1u);
    const std::string seen = s.output("H");
    INFO(seen);
    CHECK(seen.starts_with("0022\n"));
    CHECK(seen.ends_with("\n0\n1\n2\n3\n"));  // 3 is the directory that ls is reading; cat's input is empty
    for (const char* alien : {"weft_", "IFS=", "LC_ALL=", "OPTIND=", "PPID="})
        CHECK_THAT(seen, !Catch::Contains('\n' + std::string(alien)));
    s.b.wait(edge->close());
}

TEST_CASE("no signal to a task reaches the next one of its shell") {
    shell_bench s(any_shell());
    const auto edge = s.b.opened();
    const auto signal = GENERATE(stop_signal::terminate, stop_signal::kill);
    for (int round = 0; round < 8; ++round) {
        const std::string number = std::to_string(round);
        // Stopped at any moment, including its end.
        const attempt first = s.b.shell("A" + number, round % 3 == 0 ? "exec sleep 1000" : "exit 3");
        std::unique_ptr<weft::os::clock::alarm> stop;
        const auto both = [&]() -> weft::os::async<void> {
            stop = s.b.loop.after(std::chrono::milliseconds(4 * round),
                                  [&] { edge->stop(first.scratch, signal); });
            const outcome end = co_await edge->run(first);
            INFO("round " << round << ": " << end.message);
            const int expected = signal == stop_signal::kill ? SIGKILL : SIGTERM;
            if (end.how == outcome::kind::signalled)
                CHECK((end.code == expected ||
                       end.code == SIGTERM));  // one that had not started ends as by TERM
            else
                CHECK((end.how == outcome::kind::exited && end.code == 3));
            const outcome next = co_await edge->run(s.b.shell("B" + number, "sleep 0.05; exit 4"));
            INFO(next.message);
            CHECK(next.how == outcome::kind::exited);
            CHECK(next.code == 4);
        };
        s.b.wait(both());
    }
    CHECK(s.b.processes_of_the_run().empty());
    s.b.wait(edge->close());
}

TEST_CASE(
    "processes that a task leaves in its group end with it, however many processes were created meanwhile") {
    shell_bench s(any_shell());
    const auto edge = s.b.opened();
    for (const std::string others : {"0", "220"}) {
        const outcome end =
            s.b.wait(edge->run(s.b.shell("A" + others, "sleep 1000 & for i in $(seq " + others +
                                                           "); do /bin/true; done; sleep 1000 & exit 6")));
        CHECK(end.code == 6);
        CHECK(s.b.processes_of_the_run().empty());
    }
    s.b.wait(edge->close());
}

TEST_CASE("hundreds of tasks use few shells, and leave nothing of their own on a host") {
    ssh_bench b;
    const auto edge = b.opened();
    const fs::path home = b.base.path() / b.run;
    int good = 0;
    int next = 0;
    std::size_t most = 0;
    support::run_all(b.loop, 8, [&](int) -> weft::os::async<void> {
        while (next < 700) {
            const attempt what = b.program("t" + std::to_string(next++), {"/bin/true"});
            const outcome end = co_await edge->run(what);
            good += end.ok();
            if (next % 100 == 0) most = std::max(most, processes_about(b.run).size());
        }
    });
    CHECK(good == 700);
    CHECK(most <= 10);  // eight, and for a moment forks of them
    b.wait(edge->close());
    CHECK(b.eventually([&] { return processes_about(b.run).empty(); }));
    for (const auto& entry : fs::directory_iterator(home))
        CHECK_FALSE(entry.path().filename().string().starts_with(".jobs."));
}

TEST_CASE("an idle shell for tasks that was killed is replaced, also when it had been woken") {
    ssh_bench b;
    const auto edge = b.opened();
    const bool woken = GENERATE(false, true);
    const pid_t idle = idle_runner(b, *edge);
    ::kill(idle, woken ? SIGSTOP : SIGKILL);
    const auto later = b.loop.after(300ms, [&] { ::kill(idle, SIGKILL); });
    CHECK(b.wait(edge->run(b.shell("B", "true"))).ok());
    b.wait(edge->close());
}

TEST_CASE("a job whose shell was killed while claiming it is done by another") {
    ssh_bench b;
    const auto edge = b.opened();
    const pid_t idle = idle_runner(b, *edge);
    ::kill(idle, SIGKILL);
    const std::string taker = GENERATE(false, true) ? "" : std::to_string(idle) + '\n';
    for (const auto& entry : fs::directory_iterator(b.base.path() / b.run))
        if (entry.path().filename().string().starts_with(".jobs."))
            std::ofstream(entry.path() / "1.taken") << taker;
    const outcome end = b.wait(edge->run(b.shell("B", "echo run >> ../log; exit 3")));
    CHECK(end.code == 3);
    CHECK(content(b.scratch("log")) == "run\n");
    b.wait(edge->close());
}

TEST_CASE("a task with secrets whose shell was killed before it began is reported as never started") {
    temporary_directory tools;
    const fs::path there = tools.path() / "there";
    std::ofstream(tools.path() / "setsid")
        << "#!/bin/sh\ncase $* in *only*) mkdir " << there << " 2>/dev/null && kill -KILL $$ ;; esac\n"
        << "exec /usr/bin/setsid \"$@\"\n";
    fs::permissions(tools.path() / "setsid", fs::perms::owner_all);
    ssh_bench b({}, "PATH=" + tools.path().string() + ":/usr/bin:/bin");
    const auto edge = b.opened();
    attempt what = b.shell("A", "echo \"$TOKEN\" >../log");
    what.secrets = {{"TOKEN", "hidden"}};
    CHECK(b.wait(edge->run(what)).how == outcome::kind::never_began);
    CHECK(fs::exists(there));
    what.scratch = b.scratch("A.2").string();
    CHECK(b.wait(edge->run(what)).ok());
    CHECK(content(b.scratch("log")) == "hidden\n");
    b.wait(edge->close());
}

TEST_CASE("shells for tasks end with the shell that feeds them, however it ends") {
    ssh_bench b;
    const auto edge = b.opened();
    const pid_t idle = idle_runner(b, *edge);
    SECTION("its connection is cut") {
        b.server.cut();
    }
    SECTION("it is killed") {
        const pid_t feeder = feeder_of(b);
        REQUIRE(feeder > 1);
        ::kill(feeder, SIGKILL);
    }
    CHECK(b.eventually([&] { return ::kill(idle, 0) != 0; }));
    CHECK(b.wait(edge->run(b.shell("B", "true"))).ok());
    b.wait(edge->close());
    CHECK(b.eventually([&] { return processes_about(b.run).empty(); }));
}
