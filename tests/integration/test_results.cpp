// SPDX-License-Identifier: MIT
// `collect<>` and a results directory: it belongs to one run at a time, and holds the newest attempts'
// outputs.
#include <weft/engine/results.hpp>
#include <weft/weft.hpp>

#include "support/child.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>

using namespace weft;
namespace fs = std::filesystem;
using support::content;

namespace {

struct bench {
    support::temporary_directory base;
    fs::path results = base.path() / "results";
    options how{.scratch = (base.path() / "scratch").string(),
                .results = results.string(),
                .state = (base.path() / "state").string()};

    /// All entries of the results directory, including directories.
    std::set<std::string> all() const {
        std::set<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(results))
            found.insert(fs::relative(entry.path(), results).string());
        return found;
    }
};

constexpr auto one_file = workflow<"one-file">(task<"A">(sh<"echo new > c">) | collect<"c">);

}  // namespace

TEST_CASE("results hold the outputs of the newest attempt, and files of others stay") {
    constexpr auto flow = workflow<"files">(
        param<"names", std::vector<std::string>>, param<"text", std::string>,
        task<"A">(sh<"mkdir d; for name in {{names}}; do echo {{text}} > d/$name; done">) | collect<"d/*">);
    bench b;
    b.how.parameters = {{"names", "one,two,three"}, {"text", "first"}};
    REQUIRE(weft::run(flow, b.how).ok());
    std::ofstream(b.results / "A/notes") << "mine";
    b.how.parameters = {{"names", "two,four"}, {"text", "second"}};
    REQUIRE(weft::run(flow, b.how).ok());
    CHECK(b.all() == std::set<std::string>{"A", "A/d", "A/d/four", "A/d/two", "A/notes"});
    CHECK(content(b.results / "A/d/two") == "second\n");
}

TEST_CASE("outputs of a nested task leave nothing but themselves in the results") {
    constexpr auto season = workflow<"season">(task<"sim">(sh<"echo x > f">) | collect<"f">);
    constexpr auto flow = workflow<"year">(as<"winter">(season));
    bench b;
    REQUIRE(weft::run(flow, b.how).ok());
    CHECK(b.all() == std::set<std::string>{"winter", "winter/sim", "winter/sim/f"});
}

TEST_CASE("partial results of a killed run are removed by the next run") {
    bench b;
    const fs::path left = b.results / ".weft-some-flow-20261128-101112-0123456789-A~2/0";
    fs::create_directories(left);
    fs::create_directories(b.results / ".weft-state");  // belongs to the user
    REQUIRE(weft::run(one_file, b.how).ok());
    CHECK(b.all() == std::set<std::string>{".weft-state", "A", "A/c"});
}

TEST_CASE("a results directory belongs to one run at a time, until its engine ends for any reason") {
    bench b;
    fs::create_directory(b.results);
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t other = ::fork();
    if (other == 0) {
        const engine::results_lock lock(b.results.string());
        (void)!::write(ready[1], "x", 1);
        for (;;) ::pause();
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    CHECK_THROWS_WITH(weft::run(one_file, b.how),
                      "the results directory " + b.results.string() + " is in use by another run (process " +
                          std::to_string(other) +
                          "): wait for it to end, or choose another directory with --results");
    CHECK_FALSE(fs::exists(b.how.state));  // nothing was recorded
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    CHECK(weft::run(one_file, b.how).ok());
    CHECK(weft::run(one_file, b.how).ok());
}

TEST_CASE("a resume that cannot bring a result home says so, as a first run does, and ends") {
    bench b;
    const report first = weft::run(one_file, b.how);
    REQUIRE(first.ok());
    b.how.resume = first.run;
    fs::remove_all(b.results / "A");
    SECTION("a file is in the place of its directory") {
        std::ofstream(b.results / "A") << "x";
    }
    SECTION("a dangling link") {
        fs::create_symlink("nowhere", b.results / "A");
    }
    const report again = weft::run(one_file, b.how);
    CHECK(again["A"].status == task_state::failed);
    CHECK_THAT(again["A"].reason,
               Catch::StartsWith("it finished, but its outputs could not be collected: ") &&
                   Catch::Contains((b.results / "A").string()));
    fs::remove(b.results / "A");
    const report third = weft::run(one_file, b.how);
    CHECK(third.ok());
    CHECK(third["A"].attempts == 1);
    CHECK(content(b.results / "A/c") == "new\n");
}
