// SPDX-License-Identifier: MIT
// Programs as users run them: processes with a command line, a working directory, streams and no terminal.
#include "support/content.hpp"
#include "support/program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;
using support::bound_to;
using support::ended;
using support::running_program;
using words = std::vector<std::string>;
using support::content;

namespace {

struct bench {
    support::temporary_directory home;
    fs::path scratch = home.path() / "scratch";

    ended run(const char* program, words options, support::child::start how = {}) const {
        return running_program(program, std::move(options), home.path(), std::move(how)).wait();
    }
    ended run_with_scratch(const char* program, words options, support::child::start how = {}) const {
        options.insert(options.end(), {"--scratch", scratch.string()});
        return run(program, std::move(options), std::move(how));
    }
};

words operator+(words first, const words& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

std::ptrdiff_t lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

/// The only entry of a directory.
fs::path only(const fs::path& directory) {
    const std::vector<fs::directory_entry> found(fs::directory_iterator(directory), fs::directory_iterator{});
    REQUIRE(found.size() == 1);
    return found.front().path();
}

/// The directory of the only run, in which only the last task's scratch is left.
void check_demo_result(const fs::path& scratch) {
    const fs::path last = only(only(scratch));
    CHECK(last.filename() == "D");
    CHECK(lines(content(last / "f3.txt")) == 4);
}

}  // namespace

TEST_CASE("the remote demo runs without a terminal, from any directory, in a scratch with spaces") {
    const support::sshd server;
    bench b;
    b.scratch = b.home.path() / "my own 'scratch' $HOME é";
    support::child::start elsewhere;
    elsewhere.directory = "/";
    const ended result =
        b.run_with_scratch(WEFT_PROGRAM_demo, bound_to(server) + words{"run"}, std::move(elsewhere));
    INFO(result.err);
    CHECK(result.code == 0);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, Catch::Contains(" INFO A: running on edge\n") &&
                               Catch::Contains(" INFO workflow 'DataFlow-Demo-Remote' completed in "));
    check_demo_result(b.scratch);
}

TEST_CASE("a program runs in a directory with a hostile name, with scratch and results in it") {
    bench b;
    const fs::path hostile = b.home.path() / "new\nline \x1b[31m '\"$(touch pwned)` -rf";
    fs::create_directory(hostile);
    support::child::start how;
    how.directory = hostile.string();
    const ended result = b.run(WEFT_PROGRAM_parameters, {"--scratch", "-s", "--results", "re sults"}, how);
    INFO(result.err);
    CHECK(result.code == 0);
    CHECK(result.err.find('\x1b') == result.err.npos);
    CHECK(content(hostile / "re sults/print/.weft/stdout") == "1: Hello, world!\n");
    CHECK_FALSE(fs::exists(hostile / "pwned"));
}

TEST_CASE("plan, graph and help print their information and start nothing") {
    const bench b;
    const ended plan = b.run_with_scratch(WEFT_PROGRAM_demo, {"plan"});
    CHECK(plan.code == 0);
    CHECK_THAT(plan.out, Catch::StartsWith("workflow 'DataFlow-Demo-Remote': 4 tasks, 4 edges, 3 levels") &&
                             Catch::Contains("fetched over SSH"));
    const ended dot = b.run_with_scratch(WEFT_PROGRAM_demo, {"graph", "--format", "dot"});
    CHECK(dot.code == 0);
    CHECK_THAT(dot.out, Catch::StartsWith("digraph "));
    const ended help = b.run_with_scratch(WEFT_PROGRAM_demo, {"--help"});
    CHECK(help.code == 0);
    CHECK_THAT(help.out, Catch::Contains("--host") && Catch::Contains("DataFlow-Demo-Remote"));
    CHECK((plan.err + dot.err + help.err).empty());
    CHECK_FALSE(fs::exists(b.scratch));
}

TEST_CASE("a wrong command line is reported in one line with exit code 2, and starts nothing") {
    const bench b;
    const auto [options, says] = GENERATE(table<words, std::string>({
        {{"--jbos", "4"}, "did you mean --jobs?"},
        {{"rnu"}, "rnu"},
        {{"--host", "egde=192.0.2.10"}, "did you mean 'edge'?"},
        {{"--host", "edge=me@127.0.0.1:port"}, "port"},
        {{"--hosts", "/no/such/file.toml"}, "/no/such/file.toml"},
        {{"--jobs", "0"}, "from 1 to"},
    }));
    const ended result = b.run_with_scratch(WEFT_PROGRAM_demo, options);
    INFO(result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(lines(result.err) == 1);
    CHECK_THAT(result.err, Catch::StartsWith("demo: ") && Catch::Contains(says));
    CHECK_FALSE(fs::exists(b.scratch));
}

TEST_CASE("a failed task makes the exit code 1, and the end of its output is in the log") {
    const bench b;
    fs::create_directory(b.home.path() / "bin");
    std::ofstream(b.home.path() / "bin/hostname") << "#!/bin/sh\necho no name today >&2\nexit 3\n";
    fs::permissions(b.home.path() / "bin/hostname", fs::perms::owner_all);
    support::child::start how;
    how.environment = {{"PATH", (b.home.path() / "bin").string() + ":/usr/bin:/bin"}};
    const ended result = b.run_with_scratch(WEFT_PROGRAM_local_demo, {}, how);
    INFO(result.err);
    CHECK(result.code == 1);
    CHECK_THAT(result.err, Catch::Contains(" ERROR A: failed: exit code 3, scratch directory ") &&
                               Catch::Contains(" ERROR A:   stderr: no name today\n") &&
                               Catch::Contains(" WARNING D: skipped: A failed\n"));
}

TEST_CASE("a host without a binding is named together with the option that binds it") {
    const bench b;
    const ended result = b.run_with_scratch(WEFT_PROGRAM_demo, {});
    INFO(result.err);
    CHECK(result.code == 1);
    CHECK_THAT(result.err,
               Catch::Contains(" ERROR host edge (") && Catch::Contains("--host edge=USER@ADDRESS:PORT"));
}

TEST_CASE("scratch that cannot be written is reported in one line that says what to do") {
    const bench b;
    std::ofstream(b.home.path() / "file") << "no directory";
    const ended result = b.run(WEFT_PROGRAM_local_demo, {"--scratch", "file/below"});
    INFO(result.err);
    CHECK(result.code == 1);
    CHECK_THAT(result.err, Catch::Contains(" ERROR scratch cannot be written: ") &&
                               Catch::Contains("file/below") && Catch::Contains("--scratch\n"));
    CHECK(b.run(WEFT_PROGRAM_parameters, {"--scratch", "file/below"}).code == 1);
    CHECK_FALSE(fs::exists(b.home.path() / "results"));  // not created without a result
}

TEST_CASE("a results directory that cannot be used is rejected before anything starts") {
    const bench b;
    std::ofstream(b.home.path() / "file") << "no directory";
    const ended result = b.run_with_scratch(WEFT_PROGRAM_parameters, {"--results", "file/below"});
    INFO(result.err);
    CHECK(result.code == 2);
    CHECK(lines(result.err) == 1);
    CHECK_THAT(result.err, Catch::Contains("the results directory ") && Catch::Contains("--results\n"));
    CHECK_FALSE(fs::exists(b.scratch));
}

TEST_CASE("a removed current directory is reported, and does not affect programs that do not need it") {
    const bench b;
    const fs::path gone = b.home.path() / "gone";
    // The shell's working directory is the one that it removes.
    const auto run_in_gone = [&](const char* program, const std::string& options) {
        fs::create_directory(gone);
        support::child::start how;
        how.directory = gone.string();
        return b.run("/bin/sh", {"-c", "rmdir '" + gone.string() + "'; exec '" + program + "' " + options},
                     how);
    };
    CHECK(run_in_gone(WEFT_PROGRAM_local_demo, "--scratch '" + b.scratch.string() + "'").code == 0);
    for (const std::string& options :
         {std::string("--scratch here"), "--scratch '" + b.scratch.string() + '\''}) {
        const ended result = run_in_gone(WEFT_PROGRAM_parameters, options);
        INFO(result.err);
        CHECK(result.code == 2);
        CHECK_THAT(result.err, Catch::StartsWith("parameters: ") &&
                                   Catch::Contains("the current directory no longer exists"));
        CHECK(lines(result.err) == 1);
    }
}

TEST_CASE("a full or closed stdout is an error of commands that print there, and does not affect a run") {
    const bench b;
    const weft::os::descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    support::child::start how;
    how.output = full.get();
    for (const char* command : {"plan", "graph"}) {
        const ended result = b.run_with_scratch(WEFT_PROGRAM_demo, {command}, how);
        CHECK(result.code == 1);
        CHECK(result.err == "demo: cannot write to stdout: No space left on device\n");
    }
    CHECK(b.run_with_scratch(WEFT_PROGRAM_demo, {"--help"}, how).code == 1);
    CHECK(b.run_with_scratch(WEFT_PROGRAM_local_demo, {"--quiet"}, how).code == 0);
    const std::string run =
        std::string("'") + WEFT_PROGRAM_local_demo + "' --scratch '" + b.scratch.string() + "'";
    CHECK(b.run("/bin/sh", {"-c", run + " <&- >&- 2>&-"}).code == 0);
    CHECK(b.run("/bin/sh", {"-c", run + " 2>/dev/full"}).code == 0);
    for (const fs::directory_entry& one : fs::directory_iterator(b.scratch))
        CHECK(lines(content(one.path() / "D/f3.txt")) == 4);  // contains no log lines
}
