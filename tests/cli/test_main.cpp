// SPDX-License-Identifier: MIT
// Whole programs: a workflow, a command line, real tasks on this machine.
#include <weft/weft.hpp>

#include "support/captured.hpp"
#include "support/content.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace weft;
namespace fs = std::filesystem;
using words = std::vector<std::string>;
using support::content;

namespace {

constexpr auto flow =
    workflow<"flow">(param<"text", std::string>("some text"), param<"code", int>(0),
                     task<"write">(sh<"echo {{text}} > out.txt">),
                     task<"check">(sh<"cat workflow:///write/out.txt; echo not well >&2; exit {{code}}">) |
                         outputs<".weft/stdout"> | collect<".weft/stdout">,
                     task<"after">(sh<"true">) | after<"check">);

struct ended {
    int code;
    std::string out;
    std::string err;
};

struct bench {
    support::temporary_directory directory;
    std::string scratch = (directory.path() / "scratch").string();
    std::string results = (directory.path() / "results").string();

    ended run(const auto& workflow, words given) const {
        given.insert(given.begin(), "./flow");
        given.insert(given.end(), {"--scratch", scratch, "--results", results});
        ::setenv("XDG_STATE_HOME", (directory.path() / "state").c_str(), 1);
        std::vector<const char*> argv;
        for (const std::string& word : given) argv.push_back(word.c_str());
        support::captured out(1);
        support::captured err(2);
        const int code = weft::main(workflow, static_cast<int>(argv.size()), argv.data());
        std::string said = err.text();
        return {code, out.text(), std::move(said)};
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("a program runs its workflow, logs to stderr only and exits with 0") {
    const bench b;
    const ended result = b.run(flow, {"--text", "it's $HOME"});
    INFO(result.err);
    CHECK(result.code == 0);
    CHECK(result.out.empty());
    CHECK(content(b.results + "/check/.weft/stdout") == "it's $HOME\n");
    CHECK(has(result.err, " INFO check: waiting\n"));
    CHECK(has(result.err, " INFO check: running\n"));
    CHECK(has(result.err, " INFO check: finished\n"));
    CHECK(has(result.err, " INFO check: collected .weft/stdout to "));
    CHECK(has(result.err, " INFO write: removed " + b.scratch));
    CHECK(has(result.err, " INFO after: its files are in " + b.scratch));
    CHECK(has(result.err, " INFO workflow 'flow' completed in "));
}

TEST_CASE("a successful quiet program prints nothing") {
    const bench b;
    const ended result = b.run(flow, {"--quiet"});
    CHECK(result.code == 0);
    CHECK(result.out.empty());
    CHECK(result.err.empty());
}

TEST_CASE("a failed task gives exit code 1 and a log line with its cause") {
    const bench b;
    const ended result = b.run(flow, {"--code", "3"});
    INFO(result.err);
    CHECK(result.code == 1);
    CHECK(has(result.err, " ERROR check: failed: exit code 3, scratch directory " + b.scratch));
    CHECK(has(result.err, " ERROR check:   stderr: not well\n"));
    CHECK(has(result.err, " WARNING after: skipped: check failed\n"));
    CHECK(has(result.err, " s: 1 finished, 1 failed, 1 skipped\n"));
}

TEST_CASE("an invalid command line starts nothing, prints one line and exits with 2") {
    const bench b;
    for (const words& wrong : {words{"--cod", "3"}, words{"--code", "x"}, words{"--host", "edge=x"},
                               words{"--hosts", "/no.toml"}}) {
        const ended result = b.run(flow, wrong);
        INFO(result.err);
        CHECK(result.code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.starts_with("flow: "));
        CHECK(result.err.find('\n') == result.err.size() - 1);
        CHECK_FALSE(fs::exists(b.scratch));
    }
}

TEST_CASE("messages escape control characters of the command line") {
    const bench b;
    CHECK(b.run(flow, {"--code", "\x1b[2J"}).err ==
          "flow: --code \\x1b[2J: expected a whole number from -2147483648 to 2147483647\n");
}

TEST_CASE("plan and graph print to stdout and start nothing") {
    const bench b;
    const ended plan = b.run(flow, {"plan"});
    CHECK(plan.code == 0);
    CHECK(plan.err.empty());
    CHECK(plan.out.starts_with("workflow 'flow': 3 tasks, 2 edges, 3 levels, "));
    CHECK(b.run(flow, {"graph"}).out.starts_with("flowchart LR\n"));
    CHECK(b.run(flow, {"graph", "--format", "dot"}).out.starts_with("digraph \"flow\" {\n"));
    CHECK_FALSE(fs::exists(b.scratch));
}

TEST_CASE("an unreachable host gives exit code 1 and a line that names it") {
    constexpr auto remote = workflow<"remote">(host<"edge">, task<"A">(sh<"true">) | on<"edge">);
    const bench b;
    const ended result = b.run(remote, {"--host", "edge=127.0.0.1:1"});
    INFO(result.err);
    CHECK(result.code == 1);
    CHECK(has(result.err, " ERROR host edge ("));  // with the user, where ssh knows one
    CHECK(has(result.err, "127.0.0.1:1): "));
}

TEST_CASE("Ctrl-C ends a run in order, with exit code 130") {
    // The task sends the signal, so that it arrives while the task runs.
    constexpr auto interrupted = workflow<"interrupted">(task<"long">(sh<"kill -INT $PPID; sleep 1000">),
                                                         task<"next">(sh<"true">) | after<"long">);
    const bench b;
    const ended result = b.run(interrupted, {});
    INFO(result.err);
    CHECK(result.code == 130);
    CHECK(has(result.err, " WARNING long: cancelled\n"));
    CHECK(has(result.err, " WARNING next: cancelled\n"));
    CHECK(has(result.err, " ERROR workflow 'interrupted' cancelled after "));
}

TEST_CASE("a closed log reader does not end the run") {
    const bench b;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::close(ends[0]);
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGPIPE, SIG_DFL);
        ::dup2(ends[1], 2);
        const char* argv[] = {"flow", "--scratch", b.scratch.c_str(), "--results", b.results.c_str()};
        ::_exit(weft::main(flow, 5, argv));
    }
    ::close(ends[1]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(content(b.results + "/check/.weft/stdout") == "some text\n");
}
