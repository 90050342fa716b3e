// SPDX-License-Identifier: MIT
// Runs that are resumed after their engine was killed, with real processes and a real sshd.
#include <weft/os/process_table.hpp>

#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace fs = std::filesystem;
using support::content;
using support::eventually;
using support::running_program;
using words = std::vector<std::string>;

namespace {

using bench = support::steps_bench;

}  // namespace

TEST_CASE("after a kill -9 finished tasks are reused and tasks running on a host are awaited: all ran once") {
    bench b;
    b.cut_off();
    CHECK(b.tell({"runs"}).out.find("cut off") != std::string::npos);
    const bool ends_before = GENERATE(true, false);
    if (ends_before) {
        b.go();
        const auto exit = b.home.path() / "scratch" / b.run() / "B/.weft/exit";
        REQUIRE(eventually([&] { return fs::exists(exit); }));
    }
    const auto engine = b.begin({"resume", "--explain"});
    if (!ends_before) b.go();
    const support::ended end = engine->wait();
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(end.err.find("A: reused: unchanged") != std::string::npos);
    CHECK(end.err.find("B: attached: its attempt 1 started on edge") != std::string::npos);
    CHECK(b.result() == "a\nb\nc\n");
    for (const char* attempt : {"A.1", "B.1", "C.1"}) CHECK(content(b.log / attempt) == "ran\n");
    for (const char* attempt : {"A.2", "B.2", "C.2"}) CHECK_FALSE(b.ran(attempt));
    // Everything exists and is unchanged: nothing runs again.
    const support::ended again = b.tell({"resume"});
    INFO(again.err);
    CHECK(again.code == 0);
    CHECK(again.err.find(" INFO C: completed in ") == again.err.npos);
    CHECK(again.err.find(" INFO C: reused: completed in ") != again.err.npos);
    CHECK_FALSE(b.ran("C.2"));
    CHECK(b.tell({"logs", "C"}).code == 0);
    // The removals cover everything that may exist of the run on any place, including attempts that were
    // never used.
    const std::string lines = content(b.journal());
    CHECK(lines.find("\"event\":\"opens\"") < lines.find("\"event\":\"begins\""));
    CHECK(lines.find("\"host\":\"edge\",\"directory\":") != lines.npos);
    fs::create_directories(b.home.path() / "scratch" / b.run() / ".staged/7.part");
    const fs::path arriving = b.home.path() / ("results/.weft-" + b.run() + "-C.part");
    fs::create_directories(arriving);
    CHECK(b.tell({"clean", "--all"}).code == 0);
    CHECK_FALSE(fs::exists(arriving));
    CHECK(fs::is_empty(b.home.path() / "scratch"));
    CHECK(fs::is_empty(fs::path(b.state) / "steps"));
}

TEST_CASE(
    "an attempt that was about to begin when the machine went down is ended or prevented before the next") {
    bench b;
    const auto engine = b.begin({"--jobs", "1"}, WEFT_PROGRAM_thirty);
    REQUIRE(eventually([&] { return (b.ran("t2.1") || b.ran("t5.1")) && (b.ran("t0.1") || b.ran("t1.1")); }));
    engine->signal(SIGKILL);
    engine->wait();
    fs::path journal;
    for (const auto& entry : fs::recursive_directory_iterator(b.state))
        if (entry.path().filename() == "journal.jsonl") journal = entry.path();
    std::string lines = content(journal);
    CHECK_THAT(lines, Catch::Contains("\"event\":\"foresees\""));
    const bool rebooted = GENERATE(true, false);
    const auto boot = lines.find(weft::os::boot_id());
    REQUIRE(boot != lines.npos);
    if (rebooted) std::ofstream(journal) << lines.replace(boot, 8, "00000000");
    const support::ended end = b.begin({"resume", "--explain"}, WEFT_PROGRAM_thirty)->wait();
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK((end.err.find(" was about to start or had started") != end.err.npos) == rebooted);
    for (const auto& ran : fs::directory_iterator(b.log)) CHECK(content(ran) == "ran\n");
}

TEST_CASE(
    "a task whose host's shell never began it runs as another attempt, and the first one never starts") {
    bench b;
    b.cut_off();
    // Simulates a lost start request: nothing of the attempt exists.
    for (const pid_t one : weft::os::processes_with("WEFT_RUN=" + b.run())) ::kill(one, SIGKILL);
    const fs::path scratch = b.home.path() / "scratch" / b.run() / "B";
    REQUIRE(eventually([&] { return fs::exists(scratch / ".weft/exit"); }));
    fs::remove_all(scratch);
    b.go();
    const support::ended end = b.begin({"resume"})->wait();
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(content(b.log / "B.2") == "ran\n");
    CHECK(b.result() == "a\nb\nc\n");
}

TEST_CASE("of two engines on one run the second one is rejected, and cancel from elsewhere ends the first") {
    bench b;
    const auto engine = b.begin({});
    REQUIRE(eventually([&] { return b.ran("B.1"); }));
    const support::ended second = b.begin({"resume"})->wait();
    CHECK(second.code == 1);
    CHECK(second.err.find("is under way") != std::string::npos);
    CHECK(std::count(second.err.begin(), second.err.end(), '\n') == 1);
    const support::ended cancel = b.tell({"cancel"});
    INFO(cancel.err);
    CHECK(cancel.code == 0);
    CHECK(engine->wait().code == 130);
    CHECK(weft::os::processes_with("WEFT_RUN=" + b.run()).empty());
    CHECK(b.tell({"status"}).out.find(": cancelled\n") != std::string::npos);
    b.go();
    const support::ended resumed = b.begin({"resume"})->wait();
    INFO(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(b.result() == "a\nb\nc\n");
    CHECK_FALSE(b.ran("A.2"));
}

TEST_CASE("cancel ends the tasks that a killed engine left on a host") {
    bench b;
    b.cut_off();
    CHECK_FALSE(weft::os::processes_with("WEFT_RUN=" + b.run()).empty());
    const support::ended cancel = b.tell({"cancel"});
    INFO(cancel.err);
    CHECK(cancel.code == 0);
    CHECK(weft::os::processes_with("WEFT_RUN=" + b.run()).empty());
    CHECK(b.tell({"runs"}).out.find("cancelled") != std::string::npos);
}

TEST_CASE(
    "a journal that is torn at its end can be resumed, a damaged one is rejected with the line's number") {
    bench b;
    b.cut_off();
    b.go();
    std::ofstream(b.journal(), std::ios::app) << R"({"event":"ends","task":"B","att)";
    const support::ended end = b.begin({"resume"})->wait();
    INFO(end.err);
    CHECK(end.code == 0);
    std::string text = content(b.journal());
    text[text.find('\n', text.find('\n') + 1) + 3] = '\x01';
    std::ofstream(b.journal()) << text;
    const support::ended refused = b.tell({"resume"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("is damaged in line 3: it is not JSON") != std::string::npos);
}

TEST_CASE("a value and a path that are not UTF-8 are the same bytes after a kill -9") {
    bench b;
    const std::string text = "caf\xe9 \xff\xfe \xc3\xa9 \xef\xbf\xbd";
    const fs::path scratch = b.home.path() / "scr\xe4tch";
    words given{"run", "--text", text, "--results", "r\xe9sults", "--log", b.log.string()};
    given.insert(given.end(), {"--scratch", scratch.string(), "--state", b.state});
    for (const std::string& word : support::bound_to(b.server)) given.push_back(word);
    {
        running_program engine(WEFT_PROGRAM_steps, given, b.home.path());
        REQUIRE(eventually([&] { return b.ran("B.1"); }));
        engine.signal(SIGKILL);
        engine.wait();
    }
    b.go();
    const support::ended end = b.tell({"resume", "--explain"});
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(end.err.find("A: reused: unchanged") != std::string::npos);
    CHECK(content(b.home.path() / "r\xe9sults/C/h") == "a\nb\n" + text + "\n");
    CHECK_FALSE(b.ran("B.2"));
    const support::ended again = b.tell({"resume", "--explain"});
    CHECK_THAT(again.err, Catch::Contains("C: reused: unchanged"));
    CHECK(b.tell({"clean", "--all"}).code == 0);
    CHECK(fs::is_empty(scratch));
}

TEST_CASE("without a place for its journal a program runs nothing, and says what to do") {
    bench b;
    b.state = "/proc/nowhere";
    const support::ended end = b.begin({})->wait();
    CHECK(end.code == 1);
    CHECK(end.err.find("the run cannot be recorded: ") != std::string::npos);
    CHECK(end.err.find("--no-journal") != std::string::npos);
    CHECK(std::count(end.err.begin(), end.err.end(), '\n') == 1);
    CHECK_FALSE(b.ran("A.1"));
}

TEST_CASE("what changed is named: a value, an altered output, and a collected output") {
    bench b;
    b.go();
    CHECK(b.begin({"--keep"})->wait().code == 0);
    const auto explained = [&](words given) {
        given.insert(given.begin(), {"resume", "--explain"});
        const support::ended end = b.tell(std::move(given));
        INFO(end.err);
        CHECK(end.code == 0);
        return end.err;
    };
    CHECK_THAT(explained({"--text", "d"}),
               Catch::Contains("C: runs: parameter text changed") && Catch::Contains("B: reused: unchanged"));
    CHECK(b.result() == "a\nb\nd\n");
    // C runs again and needs B's output, which was altered: so B runs again too.
    std::ofstream(b.home.path() / "scratch" / b.run() / "B/g", std::ios::app) << "x\n";
    // Without --explain too.
    CHECK_THAT(
        explained({"--text", "e"}),
        Catch::Contains("B: runs: its output 'g' was altered after the task had ended") &&
            Catch::Contains("WARNING B runs again: its output 'g' was altered after the task had ended"));
    CHECK(b.result() == "a\nb\ne\n");
    fs::remove_all(b.home.path() / "results");
    CHECK_THAT(explained({}), Catch::Contains("C: reused") && !Catch::Contains("runs"));
    CHECK(b.result() == "a\nb\ne\n");
}

TEST_CASE("a full disk under the journal ends the run in order, and with room it can be resumed") {
    bench b;
    fs::create_directory(b.state);
    if (::mount("weft-test", b.state.c_str(), "tmpfs", 0, "size=20k") != 0) {
        WARN("skipped: this user may not mount a small tmpfs");
        return;
    }
    const support::ended full = b.begin({}, WEFT_PROGRAM_thirty)->wait();
    CHECK(full.code == 1);
    CHECK(full.err.find("No space left on device") != std::string::npos);
    CHECK(full.err.find("no further task is started") != std::string::npos);
    REQUIRE(::mount("weft-test", b.state.c_str(), "tmpfs", MS_REMOUNT, "size=1m") == 0);
    const support::ended end = b.begin({"resume"}, WEFT_PROGRAM_thirty)->wait();
    INFO(full.err << end.err);
    CHECK(end.code == 0);
    ::umount2(b.state.c_str(), MNT_DETACH);
    for (const auto& attempt : fs::directory_iterator(b.log)) CHECK(content(attempt.path()) == "ran\n");
}

TEST_CASE("a value that comes out otherwise makes its successors run, and the same value makes none run") {
    bench b;
    const bool kept = GENERATE(false, true);
    const auto with = [&](words given) {
        given.insert(given.end(), {"--state", b.state, "--scratch", (b.home.path() / "scratch").string()});
        const support::ended end = running_program(WEFT_PROGRAM_values, given, b.home.path()).wait();
        INFO(end.err);
        CHECK(end.code == 0);
        return end.err;
    };
    with(kept ? words{"run", "--keep", "--n", "10"} : words{"run", "--n", "10"});
    CHECK(b.result() == "x\n1\nc\n");
    const std::string same = with({"resume", "--explain", "--n", "15"});
    CHECK_THAT(same, Catch::Contains("A: runs: parameter n changed"));
    if (kept) CHECK_THAT(same, Catch::Contains("B: reused") && Catch::Contains("C: reused"));
    CHECK(b.result() == "x\n1\nc\n");
    const std::string other = with({"resume", "--explain", "--n", "20"});
    if (kept)
        CHECK_THAT(other, Catch::Contains("B: runs: value of A changed") &&
                              Catch::Contains("C: runs: B runs again") && !Catch::Contains("X: runs"));
    else
        CHECK_THAT(other, Catch::Contains("X: runs: its files are needed again"));
    CHECK(b.result() == "x\n2\nc\n");
}
