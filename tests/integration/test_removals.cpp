// SPDX-License-Identifier: MIT
// An engine that is killed while it removes obsolete files: a later one finishes the removal.
#include "support/program.hpp"
#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using support::content;
using support::eventually;
using support::running_program;
using words = std::vector<std::string>;

namespace {

struct bench {
    support::temporary_directory home;
    const fs::path log = home.path() / "log";
    const fs::path scratch = home.path() / "scratch";

    bench() { fs::create_directory(log); }

    std::unique_ptr<running_program> begin(words given) const {
        given.insert(given.end(), {"--state", (home.path() / "state").string()});
        if (given.front() == "run")
            given.insert(given.end(), {"--scratch", scratch.string(), "--log", log.string()});
        return std::make_unique<running_program>(WEFT_PROGRAM_removals, given, home.path());
    }
    void touch(const char* name) const { std::ofstream(log / name) << ""; }
    fs::path run() const {
        std::error_code none;
        const fs::directory_iterator runs(home.path() / "state/removals", none);
        return none || runs == fs::directory_iterator() ? fs::path() : runs->path().filename();
    }
    std::string journal() const { return content(home.path() / "state/removals" / run() / "journal.jsonl"); }
    bool is_there(const char* attempt) const { return fs::exists(scratch / run() / attempt); }

    /// Kills the engine as soon as its journal has that event: the removal of thousands of files takes
    /// longer.
    void kill_at(running_program& engine, const std::string& event) const {
        const std::string line = "\"event\":\"" + event + '"';
        for (int tries = 0; tries < 100000 && journal().find(line) == std::string::npos; ++tries)
            ::usleep(500);
        engine.signal(SIGKILL);
        INFO(engine.wait().err);
        REQUIRE(journal().find(line) != std::string::npos);
    }
    std::string finish(words given) const {
        const support::ended end = begin(std::move(given))->wait();
        INFO(end.err);
        CHECK(end.code == 0);
        return content(home.path() / "results/B/g");
    }
};

}  // namespace

TEST_CASE(
    "an engine that is killed while it removes files leaves none of them forever, superseded attempts "
    "included") {
    bench b;
    const bool failed_before = GENERATE(false, true);
    const bool needed_again = GENERATE(false, true);
    if (failed_before) b.touch("fail");
    b.touch("go");
    b.kill_at(*b.begin({"run"}), "removes");
    REQUIRE((b.is_there("A") || b.is_there("A~2")));
    if (needed_again)
        CHECK(b.finish({"resume", "--text", "c"}) == "a\nc\n");
    else
        CHECK(b.finish({"resume"}) == "a\nb\n");
    for (const char* attempt : {"A", "A~2", "A~3"}) CHECK_FALSE(b.is_there(attempt));
    CHECK((fs::is_empty(b.scratch) || fs::directory_iterator(b.scratch / b.run())->path().filename() == "B"));
}

TEST_CASE("an engine that is killed while it removes an interrupted attempt leaves none of it forever") {
    bench b;
    {
        const auto engine = b.begin({"run"});
        REQUIRE(eventually([&] { return fs::exists(b.log / "A.1"); }));
        engine->signal(SIGKILL);
        engine->wait();
    }
    b.kill_at(*b.begin({"resume"}), "abandons");
    REQUIRE(b.is_there("A"));
    b.touch("go");
    CHECK(b.finish({"resume"}) == "a\nb\n");
    for (const char* attempt : {"A", "A~2", "A~3"}) CHECK_FALSE(b.is_there(attempt));
}
