// SPDX-License-Identifier: MIT
#include <weft/os/inherited_state.hpp>
#include <weft/show/log.hpp>

#include "support/captured.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

using namespace weft;
using namespace std::chrono_literals;
using show::log_format;
using show::log_level;

namespace {

/// Whether `text` matches `shape`, in which each `0` stands for a digit. (GCC 12 warns about <regex> under
/// the address sanitizer.)
bool has_shape(std::string_view text, std::string_view shape) {
    if (text.size() != shape.size()) return false;
    for (std::size_t at = 0; at < text.size(); ++at)
        if (shape[at] == '0' ? text[at] < '0' || text[at] > '9' : text[at] != shape[at]) return false;
    return true;
}

/// A log and its lines, without their timestamps.
struct listening {
    support::captured output;
    show::log log;

    explicit listening(log_level level = log_level::info, log_format format = log_format::text,
                       bool colour = false)
        : log({level, format, output.descriptor(), colour}) {}

    std::vector<std::string> lines() {
        std::vector<std::string> all;
        std::istringstream text(output.text());
        constexpr std::string_view time = "0000-00-00 00:00:00,000 ";
        for (std::string line; std::getline(text, line);) {
            INFO(line);
            REQUIRE(has_shape(line.substr(0, time.size()), time));
            all.push_back(line.substr(time.size()));
        }
        return all;
    }
    std::vector<nlohmann::json> objects() {
        std::vector<nlohmann::json> all;
        std::istringstream text(output.text());
        for (std::string line; std::getline(text, line);) all.push_back(nlohmann::json::parse(line));
        return all;
    }
};

task_report row(std::string name, std::string host = "") {
    task_report made;
    made.name = std::move(name);
    made.host = std::move(host);
    made.scratch = "/tmp/run/" + made.name;
    made.scratch_kept = true;
    made.attempts = 1;
    made.elapsed = 22ms;
    return made;
}

void enter(show::log& log, task_report& task, task_state state) {
    task.status = state;
    log.task_changed(task, state);
}

report finished_run() {
    report result;
    result.workflow = "demo";
    result.run = "demo-1";
    result.elapsed = 563ms;
    result.tasks = {row("A", "edge"), row("D")};
    for (task_report& task : result.tasks) task.status = task_state::finished;
    result.tasks[0].scratch_kept = false;
    return result;
}

using strings = std::vector<std::string>;

}  // namespace

TEST_CASE("each event of a task is one line") {
    listening to;
    task_report here = row("D");
    task_report there = row("A", "edge");
    to.log.run_started("demo", "demo-1");
    enter(to.log, there, task_state::waiting);
    enter(to.log, there, task_state::ready);
    enter(to.log, there, task_state::running);
    enter(to.log, there, task_state::finished);
    to.log.removed("A", "edge:/tmp/run/A");
    enter(to.log, here, task_state::staging);
    enter(to.log, here, task_state::running);
    to.log.said("D", "half of it\nis done");
    to.log.collected("D", "f3.txt", "/home/results/D/f3.txt");
    CHECK(to.lines() == strings{"INFO A: waiting", "INFO A: running on edge",
                                "INFO A: scratch directory edge:/tmp/run/A", "INFO A: completed in 0.022 s",
                                "INFO A: finished", "INFO A: removed edge:/tmp/run/A", "INFO D: running",
                                "INFO D: scratch directory /tmp/run/D", "INFO D: half of it\\nis done",
                                "INFO D: collected f3.txt to /home/results/D/f3.txt"});
}

TEST_CASE("a reused task is not logged as completed now") {
    listening to;
    task_report task = row("A");
    task.reused = true;
    enter(to.log, task, task_state::finished);
    CHECK(to.lines() ==
          strings{"INFO A: reused: completed in 0.022 s in an earlier session", "INFO A: finished"});
}

TEST_CASE("a successful run ends with the scratch of final tasks and the duration") {
    listening to;
    to.log.run_finished(finished_run());
    CHECK(to.lines() ==
          strings{"INFO D: its files are in /tmp/run/D", "INFO workflow 'demo' completed in 0.563 s"});
}

TEST_CASE("a failure shows reason, host, attempt, scratch directory and the last lines of stderr") {
    listening to;
    task_report task = row("B", "edge");
    task.reason = "killed by SIGKILL";
    task.attempts = 2;
    for (int line = 1; line <= 12; ++line) task.stderr_tail += "line " + std::to_string(line) + "\n";
    enter(to.log, task, task_state::failed);
    const strings lines = to.lines();
    REQUIRE(lines.size() == 11);
    CHECK(lines[0] ==
          "ERROR B: failed: killed by SIGKILL, on edge, at attempt 2, scratch directory edge:/tmp/run/B");
    CHECK(lines[1] == "ERROR B:   stderr: line 3");
    CHECK(lines[10] == "ERROR B:   stderr: line 12");
}

TEST_CASE("the failure of a task that never started names no place") {
    listening to;
    task_report task = row("A");
    task.scratch.clear();
    task.scratch_kept = false;
    task.reason = "host edge is not usable";
    enter(to.log, task, task_state::failed);
    task_report next = row("B");
    next.reason = "A failed";
    enter(to.log, next, task_state::skipped);
    enter(to.log, next, task_state::cancelled);
    CHECK(to.lines() == strings{"ERROR A: failed: host edge is not usable", "WARNING B: skipped: A failed",
                                "WARNING B: cancelled"});
}

TEST_CASE("the last line of a failed run counts its tasks") {
    report result = finished_run();
    result.tasks.push_back(row("E"));
    result.tasks.push_back(row("F"));
    result.tasks[1].status = task_state::failed;
    result.tasks[2].status = task_state::skipped;
    result.tasks[3].status = task_state::skipped;
    listening to;
    to.log.run_finished(result);
    result.cancelled = true;
    to.log.run_finished(result);
    CHECK(to.lines() ==
          strings{"ERROR workflow 'demo' failed after 0.563 s: 1 finished, 1 failed, 2 skipped",
                  "ERROR workflow 'demo' cancelled after 0.563 s: 1 finished, 1 failed, 2 skipped"});
}

TEST_CASE("a quiet log contains only warnings and errors") {
    listening to(log_level::warning);
    task_report task = row("A");
    enter(to.log, task, task_state::waiting);
    enter(to.log, task, task_state::running);
    enter(to.log, task, task_state::finished);
    to.log.collected("A", "f", "/f");
    to.log.run_finished(finished_run());
    task.reason = "exit code 3";
    to.log.task_retried(task, 1500ms);
    to.log.host_failed("edge", "host edge: connection refused");
    to.log.note("a note");
    CHECK(to.lines() == strings{"WARNING A: attempt 1 failed: exit code 3; next one in 1.500 s",
                                "ERROR host edge: connection refused", "WARNING a note"});
}

TEST_CASE("a verbose log contains connections and staging") {
    listening to(log_level::debug);
    task_report task = row("D", "edge");
    to.log.run_started("demo", "demo-1");
    to.log.host_opened("edge", 210ms);
    enter(to.log, task, task_state::staging);
    to.log.staged("D", "B", "f2.txt", "", "edge", 12ms);
    to.log.staged("D", "", "in.txt", "edge", "", 12ms);
    CHECK(to.lines() == strings{"DEBUG workflow 'demo' starts as demo-1",
                                "DEBUG host edge: connected in 0.210 s", "DEBUG D: staging in on edge",
                                "DEBUG D: staged f2.txt of B from here to edge in 0.012 s",
                                "DEBUG D: staged in.txt from edge to here in 0.012 s"});
}

TEST_CASE("hostile names and stderr cannot inject lines, colours or invalid bytes") {
    task_report task = row("B", "edge");
    task.name = "B\n2026-01-01 00:00:00,000 INFO B: finished";
    task.reason = "exit code 1\x1b[2J";
    task.stderr_tail = "\x1b]0;title\a red\xff\r\nlast";
    SECTION("text") {
        listening to;
        enter(to.log, task, task_state::failed);
        const strings lines = to.lines();
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].starts_with(
            "ERROR B\\n2026-01-01 00:00:00,000 INFO B: finished: failed: exit code 1\\x1b[2J"));
        CHECK(lines[1].ends_with(":   stderr: \\x1b]0;title\\x07 red\\xff\\x0d"));
        CHECK(lines[2].ends_with(":   stderr: last"));
    }
    SECTION("JSON") {
        listening to(log_level::info, log_format::json);
        enter(to.log, task, task_state::failed);
        const auto objects = to.objects();
        REQUIRE(objects.size() == 3);
        CHECK(objects[0]["task"] == task.name);
        CHECK(objects[1]["message"] == "  stderr: \x1b]0;title\a red\xef\xbf\xbd\r");  // U+FFFD for the byte
    }
}

TEST_CASE("colours are used on request, around the whole line") {
    listening to(log_level::info, log_format::text, true);
    to.log.note("careful");
    task_report task = row("A");
    enter(to.log, task, task_state::waiting);
    const std::string text = to.output.text();
    CHECK(text.starts_with("\x1b[33m20"));
    CHECK(text.find("WARNING careful\x1b[0m\n") != text.npos);
    CHECK(text.ends_with("INFO A: waiting\n"));
}

TEST_CASE("the JSON log has one object per line, with the fields of its event") {
    listening to(log_level::info, log_format::json);
    to.log.run_started("demo", "demo-1");
    task_report task = row("A", "edge");
    enter(to.log, task, task_state::running);
    task.reason = "exit code 3";
    task.exit_code = 3;
    enter(to.log, task, task_state::failed);
    report result = finished_run();
    result.tasks[0].status = task_state::failed;
    to.log.run_finished(result);

    const auto objects = to.objects();
    REQUIRE(objects.size() == 6);
    for (const auto& object : objects) {
        std::string time = object["time"].get<std::string>();
        INFO(time);
        REQUIRE(time.size() == 29);
        CHECK((time[23] == '+' || time[23] == '-'));
        time[23] = '+';
        CHECK(has_shape(time, "0000-00-00T00:00:00.000+00:00"));
    }
    CHECK(objects[0]["event"] == "run_started");
    CHECK(objects[0]["run"] == "demo-1");
    CHECK(objects[1]["event"] == "task");
    CHECK(objects[1]["state"] == "running");
    CHECK(objects[1]["host"] == "edge");
    CHECK(objects[2]["path"] == "/tmp/run/A");
    CHECK(objects[3]["level"] == "ERROR");
    CHECK(objects[3]["exit_code"] == 3);
    CHECK_FALSE(objects[3].contains("signal"));
    CHECK(objects[4]["event"] == "kept");
    CHECK(objects[5]["state"] == "failed");
    CHECK(objects[5]["finished"] == 1);
    CHECK(objects[5]["failed"] == 1);
    CHECK(objects[5]["seconds"].get<double>() == Approx(0.563));
}

TEST_CASE("JSON escapes hidden characters and keeps its meaning") {
    listening to(log_level::info, log_format::json);
    const std::string hostile =
        "\u202e"
        "txt \u009b"
        "31m \x7f \U000e0041 caf\u00e9";
    to.log.note(hostile);
    const std::string text = to.output.text();
    CHECK(text.find("\\u202e") != text.npos);
    CHECK(text.find("\\u009b") != text.npos);
    CHECK(text.find("\\u007f") != text.npos);
    CHECK(text.find("\\udb40\\udc41") != text.npos);
    CHECK(text.find("\u00e9") != text.npos);
    CHECK(nlohmann::json::parse(text)["message"] == hostile);
}

TEST_CASE("a log without a reader or without disk space does not disturb the run") {
    const weft::os::without_signal guard(SIGPIPE);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::close(ends[0]);
    const int full = ::open("/dev/full", O_WRONLY);
    for (const int descriptor : {-1, ends[1], full}) {
        show::log log({log_level::info, log_format::text, descriptor, false});
        errno = 0;
        CHECK_NOTHROW(log.note("into the void"));
        CHECK((errno == EBADF || errno == EPIPE || errno == ENOSPC));
    }
    ::close(ends[1]);
    ::close(full);
}

TEST_CASE("no line is lost when another program sets the log's pipe to non-blocking") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
    constexpr int lines = 20000;  // more than a pipe holds
    std::jthread writer([&] {
        show::log log({log_level::info, log_format::text, ends[1], false});
        for (int line = 0; line < lines; ++line) log.note("a line");
        ::close(ends[1]);
    });
    int seen = 0;
    char part[4096];
    for (;;) {
        const ssize_t got = ::read(ends[0], part, sizeof part);
        if (got == 0) break;
        if (got > 0) seen += static_cast<int>(std::count(part, part + got, '\n'));
    }
    ::close(ends[0]);
    CHECK(seen == lines);
}
