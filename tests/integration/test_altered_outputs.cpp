// SPDX-License-Identifier: MIT
// An output that was modified after its task had ended is made again by that task, and the log names it.
#include <weft/engine/match_files.hpp>

#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

namespace fs = std::filesystem;
using support::content;

namespace {

/// The program `alters`: `make` and `reads` run here, `make_there` and `reads_there` on the host. The readers
/// write to their input when they are asked to.
struct alters_bench : support::steps_bench {
    support::ended go(std::vector<std::string> given) const {
        return begin(std::move(given), WEFT_PROGRAM_alters)->wait();
    }
    fs::path scratch(const char* task) const {
        for (const auto& run : fs::directory_iterator(home.path() / "scratch"))
            if (fs::exists(run.path() / task)) return run.path() / task;
        return {};
    }
};

}  // namespace

TEST_CASE("an altered output is made again by its task, and the log names it, here and on a host") {
    alters_bench b;
    REQUIRE(b.go({"--keep"}).code == 0);
    struct change {
        const char* script;
        const char* said;
    };
    const auto one = GENERATE(values<change>(
        {{"echo x >> d/f", "its output 'd/f' was altered after the task had ended"},
         {"mv d/f d/e; touch -d '2000-01-01' d/e",
          "in its directory 'd' a file was added or removed after the task had ended"},
         {"rm -f d/f", "in its directory 'd' a file was added or removed after the task had ended"},
         {"echo x > \"$(printf 'new file')\"", "its output 'new file' was altered after the task had ended"},
         {"mkdir more", "in its directory 'more' a file was added or removed after the task had ended"}}));
    CAPTURE(one.script);
    for (const char* task : {"make", "make_there"}) {
        CAPTURE(task);
        support::run_program({"sh", "-c", "cd " + b.scratch(task).string() + " && " + one.script});
        // The reader needs it once more.
        const support::ended end = b.go({"resume", "--keep", "--text", std::string("new") + task});
        INFO(end.err);
        CHECK(end.code == 0);
        CHECK_THAT(end.err, Catch::Contains("WARNING " + std::string(task) + " runs again: " + one.said));
        CHECK(content(b.log / (std::string(task) + ".2")) == "ran\n");
    }
}

TEST_CASE("after a task wrote to its input, resume makes that input again and the run succeeds") {
    alters_bench b;
    const support::ended first = b.go({"--keep", "--writes", "yes"});
    INFO(first.err);
    CHECK(first.code == 1);
    if (::geteuid() == 0) {
        // For other users, the file's mode prevents writing.
        CHECK_THAT(first.err, Catch::Contains("reads: failed: it wrote to its input 'd/f' of make"));
        CHECK_THAT(first.err,
                   Catch::Contains("reads_there: failed: it wrote to its input 'd/f' of make_there"));
    }
    const support::ended end = b.go({"resume", "--keep", "--writes", "no"});
    INFO(end.err);
    CHECK(end.code == 0);
    for (const char* task : {"make", "make_there"}) {
        if (::geteuid() != 0) continue;
        CHECK_THAT(end.err,
                   Catch::Contains("WARNING " + std::string(task) +
                                   " runs again: its output 'd/f' was altered after the task had ended"));
        CHECK(content(b.log / (std::string(task) + ".2")) == "ran\n");
    }
    for (const char* task : {"reads", "reads_there"})
        CHECK(content(b.scratch((task + std::string("~2")).c_str()) / "out") == "right\n");
}
