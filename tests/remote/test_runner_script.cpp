// SPDX-License-Identifier: MIT
#include <weft/engine/backend.hpp>
#include <weft/os/process.hpp>
#include <weft/remote/named_streams_script.hpp>
#include <weft/remote/resident_script.hpp>
#include <weft/remote/runner_script.hpp>
#include <weft/transfer/tree_check_script.hpp>

#include "support/posix_shells.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace os = weft::os;
namespace fs = std::filesystem;
namespace resident = weft::remote::resident;

namespace {

/// Shells that look for jobs in a directory, as on a host.
class runners {
public:
    runners(const std::vector<std::string>& shell, int count) {
        fs::create_directory(jobs_);
        std::ofstream(jobs_ / "runner")
            << resident::detail::shared_functions << weft::remote::resident::detail::named_streams
            << resident::detail::runner;
        const fs::path tokens = jobs_ / "tokens";
        REQUIRE(::mkfifo(tokens.c_str(), 0600) == 0);
        feeder_ = os::descriptor(::open(tokens.c_str(), O_RDWR | O_CLOEXEC));
        publish(0);
        for (int i = 0; i < count; ++i) {
            const os::descriptor input(::open(tokens.c_str(), O_RDONLY | O_CLOEXEC));
            os::process_start start;
            start.arguments = shell;
            start.arguments.insert(start.arguments.end(), {(jobs_ / "runner").string(), "nonce", "boot",
                                                           "022", "sh", jobs_.string(), "0", ""});
            start.environment = os::environment_with({});
            start.input = input.get();
            all_.push_back(std::make_unique<os::process>(start));
        }
    }

    void publish(int jobs_there) const {
        const std::string range = "0 " + std::to_string(jobs_there);
        std::ofstream(jobs_ / "range") << range << ' ' << range << '\n';
    }
    /// A job is a text of their shell; what it prints is a line of `done()`.
    void add(const std::string& job) {
        std::ofstream(jobs_ / std::to_string(count_)) << "{ " << job << "; } >>" << jobs_ / "done" << '\n';
        publish(++count_);
        REQUIRE(::write(feeder_.get(), "\n", 1) == 1);
    }
    /// What was done when all of them have ended, sorted.
    std::vector<std::string> done() {
        feeder_.reset();
        for (const auto& runner : all_) runner->reap();
        std::ifstream in(jobs_ / "done");
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        std::sort(lines.begin(), lines.end());
        return lines;
    }

private:
    support::temporary_directory base_;
    const fs::path jobs_ = base_.path() / "jobs";
    os::descriptor feeder_;
    std::vector<std::unique_ptr<os::process>> all_;
    int count_ = 0;
};

}  // namespace

// Else one of them could make its mark again in the scratch of a task that has just removed it.
TEST_CASE("of several shells that are woken at once, one reads a job") {
    runners all(GENERATE(from_range(support::posix_shells)), 3);
    all.add("echo 0; sleep 0.1");
    all.add("echo 1; sleep 0.1");
    CHECK(all.done() == std::vector<std::string>{"0", "1"});
}

// A runner that is woken for one job may claim an earlier one; the runner woken for that job must then claim
// the later.
TEST_CASE("no job is left when there was a line end for each") {
    runners all(GENERATE(from_range(support::posix_shells)), 4);
    std::vector<std::string> expected;
    for (int i = 0; i < 300; ++i) {
        all.add("echo " + std::to_string(i));
        expected.push_back(std::to_string(i));
    }
    std::sort(expected.begin(), expected.end());
    const std::vector<std::string> done = all.done();
    std::vector<std::string> wrong;  // left, or done twice
    std::set_symmetric_difference(done.begin(), done.end(), expected.begin(), expected.end(),
                                  std::back_inserter(wrong));
    CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("jobs that have long begun are forgotten, many at once") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    support::temporary_directory base;
    const std::string jobs = base.path().string();
    std::string script(resident::detail::shared_functions);
    script += weft::transfer::detail::tree_check;
    script += resident::detail::functions;
    script += "weft_jobs=" + jobs + "\nweft_kept=10 weft_count=2\n";
    script +=
        "while [ $weft_next -lt 100 ]; do : >\"$weft_jobs/$weft_next\"; "
        ": >\"$weft_jobs/$weft_next.taken\"; weft_next=$((weft_next + 1)); weft_forget_jobs; done";
    os::process_start start;
    start.arguments = shell;
    start.arguments.insert(start.arguments.end(), {"-c", script});
    start.environment = os::environment_with({});
    CHECK(os::process(start).reap().code == 0);
    std::ifstream in(base.path() / "range");
    int first = 0;
    int last = 0;
    in >> first >> last;
    CHECK(first > 70);
    CHECK(last - first >= 14);
    for (int job = 0; job < 100; ++job) {
        CHECK(fs::exists(base.path() / std::to_string(job)) == (job >= first));
        CHECK(fs::exists(base.path() / (std::to_string(job) + ".taken")) == (job >= first));
    }
}

TEST_CASE("a runner finds the input that its task wrote to, whatever the clock said") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    CAPTURE(shell.front());
    support::temporary_directory base;
    runners all(shell, 1);
    std::vector<std::string> expected;
    int number = 0;
    // `times` is done before the task, `writes` is what the task does.
    const auto add = [&](const std::string& times, const std::string& writes, const std::string& altered) {
        const fs::path at = base.path() / std::to_string(number);
        for (const char* directory : {"a/.weft", "a/d", "staged/d", "own/.weft"})
            fs::create_directories(at / directory);
        for (const char* file : {"a/f", "a/d/f", "staged/f", "staged/d/f"}) std::ofstream(at / file) << "x";
        std::ofstream(at / "a/.weft/exit") << "0\n";
        std::ofstream(at / "own/.weft/wrapper") << "1\n";
        const std::string inputs =
            "weft_input 1 ../a f; weft_input 2 ../a d; weft_input 3 ../staged f; weft_input 4 ../staged d";
        all.add("cd " + (at / "own").string() + "; " + times +
                "; weft_before_task=yes weft_looked= weft_altered=; " + inputs + "; weft_before_task=; " +
                writes + "; " + inputs + "; echo " + std::to_string(number) + "=$weft_altered");
        expected.push_back(std::to_string(number++) + '=' + altered);
    };
    const std::string long_ago = "find .. -exec touch -d 2020-01-01 {} +; touch -d 2020-02-01 .weft/wrapper";
    const std::string at_once = "find .. -exec touch -d 2020-01-01 {} +";
    const std::string ahead = at_once + "; touch -d 2100-01-01 ../a/f ../a/d/f ../staged/f ../staged/d/f";
    for (const std::string& times : {std::string(":"), long_ago, at_once, ahead}) {
        add(times, ":", "");
        add(times, "cat ../a/f ../a/d/f ../staged/f ../staged/d/f >/dev/null; ln ../a/f f; chmod a-w f", "");
        add(times, "echo y >>../a/f", "1");
        add(times, "echo y >>../a/d/f", "2 642f66");  // d/f
        add(times, "echo y >>../staged/f", "3");
        add(times, "echo y >>../staged/d/f", "4 642f66");
    }
    std::vector<std::string> done = all.done();
    std::sort(expected.begin(), expected.end());
    CHECK(done == expected);
}

TEST_CASE("a runner keeps all that its tasks write to their streams by name, apart from one another") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    CAPTURE(shell.front());
    support::temporary_directory base;
    runners all(shell, 1);
    const auto add = [&](const std::string& name, const std::string& command) {
        const std::string scratch = (base.path() / name).string();
        fs::create_directories(scratch + "/.weft");
        all.add("weft_id=1 weft_scratch=" + scratch +
                "; weft_promised() { :; }; weft_inputs() { :; }; weft_call() { \"$@\"; }\n"
                "weft_piped=run\nweft_job sh -c '" +
                command + "' >/dev/null 3>/dev/null; echo " + name + " $(cat " + scratch +
                "/.weft/stdout) / $(cat " + scratch + "/.weft/stderr) / $(cat " + scratch + "/.weft/exit)");
    };
    const std::string in_order =
        "echo 1; echo 2 >/dev/stdout; echo 3; echo 4 >&2; echo 5 >/dev/stderr; exit 6";
    add("a", in_order);
    add("b", in_order);
    // It keeps the stream open until the next task has ended.
    add("c",
        "setsid sh -c \": >there; until [ -e ../d/late ]; do sleep 0.02; done; echo late\" & "
        "until [ -e there ]; do sleep 0.02; done; echo 1 >/dev/stdout");
    add("d",
        "echo 1; echo 2 >/dev/stdout; : >late; until grep late ../c/.weft/stdout; do sleep 0.02; done >&2");
    add("e", in_order);
    const std::vector<std::string> expected{"a 1 2 3 / 4 5 / 6", "b 1 2 3 / 4 5 / 6", "c 1 / / 0",
                                            "d 1 2 / late / 0", "e 1 2 3 / 4 5 / 6"};
    CHECK(all.done() == expected);
}
