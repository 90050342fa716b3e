// SPDX-License-Identifier: MIT
// Changes between two sessions of a run that a resume must detect: the file behind a parameter, the program,
// the working directory.
#include "support/program.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using support::content;
using words = std::vector<std::string>;

namespace {

struct bench {
    support::temporary_directory home;
    const fs::path elsewhere = home.path() / "elsewhere";

    bench() {
        fs::create_directory(elsewhere);
        write("one");
    }
    void write(const std::string& word) const { std::ofstream(home.path() / "data") << word << '\n'; }
    std::string result() const { return content(home.path() / "results/C/h"); }

    /// The output of the program, called in `directory`.
    std::string say(words given, const fs::path& directory,
                    const char* program = WEFT_PROGRAM_changes) const {
        given.insert(given.end(), {"--state", (home.path() / "state").string()});
        support::child::start how;
        how.directory = directory.string();
        const support::ended end =
            support::running_program(program, std::move(given), home.path(), how).wait();
        INFO(end.err);
        CHECK(end.code == 0);
        return end.err;
    }
    void run() const {
        say({"run", "--keep", "--scratch", (home.path() / "scratch").string()}, home.path());
        CHECK(result() == "1\none\none 7\n");
    }
    std::string resume(words given = {}, const char* program = WEFT_PROGRAM_changes) const {
        given.insert(given.begin(), {"resume", "--explain"});
        return say(std::move(given), elsewhere, program);
    }
    /// The log lines with the reasons why tasks run, without their times.
    static words reasons(const std::string& said) {
        words all;
        std::string line;
        for (std::istringstream lines(said); std::getline(lines, line);)
            if (line.find(": runs: ") != line.npos) all.push_back(line.substr(line.find("INFO ") + 5));
        std::sort(all.begin(), all.end());
        return all;
    }
};

}  // namespace

TEST_CASE("a relative path is relative to where the run began, wherever a task runs and resume is called") {
    bench b;
    b.run();
    CHECK(bench::reasons(b.resume()).empty());
    // A path that is given now is relative to this directory.
    std::ofstream(b.elsewhere / "other") << "three\n";
    const words why = bench::reasons(b.resume({"--in", "other"}));
    CHECK_THAT(why, Catch::VectorContains(std::string("G: runs: parameter in changed")));
    CHECK_THAT(why, Catch::VectorContains(std::string("C: runs: parameter in changed")));
    CHECK(b.result() == "1\nthree\nthree 7\n");
    CHECK(bench::reasons(b.resume()).empty());
}

TEST_CASE("after the file behind a parameter changed, its task runs again and no other") {
    bench b;
    b.run();
    b.write("two");
    const std::string file = (b.home.path() / "data").string();
    CHECK(bench::reasons(b.resume()) == words{"C: runs: file " + file + " changed",
                                              "G: runs: file " + file + " changed",
                                              "H: runs: its value is needed and not stored"});
    CHECK(b.result() == "1\ntwo\ntwo 7\n");
    CHECK(bench::reasons(b.resume()).empty());
}

TEST_CASE("functions run again after the program changed, and commands after their values did") {
    bench b;
    b.run();
    CHECK(bench::reasons(b.resume({}, WEFT_PROGRAM_changes_later)) ==
          words{"B: runs: value of F changed", "C: runs: B runs again", "F: runs: program changed",
                "G: runs: program changed", "H: runs: program changed"});
    CHECK(b.result() == "2\none\none 7\n");
    CHECK(bench::reasons(b.resume({}, WEFT_PROGRAM_changes_later)).empty());
}

TEST_CASE("a change of a parameter of some functions does not run other functions again") {
    bench b;
    b.run();
    CHECK(bench::reasons(b.resume({"--unused", "2"})).empty());
    const words why = bench::reasons(b.resume({"--n", "2"}));
    CHECK(why == words{"B: runs: value of F changed", "C: runs: B runs again", "F: runs: parameter n changed",
                       "G: runs: its value is needed and not stored",
                       "H: runs: its value is needed and not stored"});
    CHECK(b.result() == "2\none\none 7\n");
}
