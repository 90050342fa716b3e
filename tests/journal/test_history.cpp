// SPDX-License-Identifier: MIT
#include <weft/journal/history.hpp>
#include <weft/journal/journal_file.hpp>
#include <weft/journal/state.hpp>
#include <weft/os/process_table.hpp>
#include <weft/os/sha256.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <string>

using namespace weft;
using journal::journal_error;
using state = engine::past_attempt::state;

namespace {

std::string start(std::uint64_t sequence = 1) {
    journal::history what;
    what.workflow = "flow";
    what.run = "flow-1";
    what.sequence = sequence;
    what.tasks = {"A", "B"};
    options how;
    how.parameters["text"] = "it's\n\"x\"";
    how.hosts.push_back({"edge", {.address = "192.0.2.1", .user = "alice", .port = 22}});
    return journal::header_line(what) + journal::session_line(journal::this_session(1, how));
}

task_report row(const char* name, unsigned attempt) {
    task_report result;
    result.name = name;
    result.attempts = attempt;
    result.scratch = "/tmp/flow-1/" + std::string(name);
    return result;
}

}  // namespace

TEST_CASE("SHA-256 matches FIPS 180-4") {
    CHECK(os::sha256_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(os::sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(os::sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    os::sha256 million;
    for (int i = 0; i < 10000; ++i) million.add(std::string(100, 'a'));
    CHECK(million.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a journal gives each task's newest attempt and its result") {
    std::string text = start();
    task_report a = row("A", 1);
    text += journal::begins_line(a, {}, {{"command", "abc"}});
    a.exit_code = 3;
    a.reason = "exit code 3";
    text += journal::ends_line(a, task_state::waiting);
    a = row("A", 2);
    engine::place edge;
    edge.name = "edge";
    edge.machine = "alice@192.0.2.1:22";
    edge.directory = "/scratch/flow-1";
    text += journal::opens_line(edge);
    text += journal::begins_line(a, edge, {{"command", "abd"}});
    const journal::history begun = journal::read_history(text, "file");
    CHECK(begun.of_task.at("A").newest.how == state::begun);
    CHECK(begun.of_task.at("A").newest.made_of == engine::fingerprint{{"command", "abd"}});
    a.exit_code = 0;
    text += journal::ends_line(a, task_state::finished) + journal::removes_line(a);
    text += journal::run_ends_line("completed", 1.5);
    const journal::history past = journal::read_history(text, "file");
    const engine::past_attempt& newest = past.of_task.at("A").newest;
    CHECK(newest.how == state::finished);
    CHECK(newest.number == 2);
    CHECK(newest.host == "edge");
    CHECK(newest.machine == "alice@192.0.2.1:22");
    CHECK(newest.removed);
    CHECK(past.of_task.at("B").newest.how == state::none);
    CHECK(past.ended == "completed");
    CHECK(past.last().options.parameters.at("text") == "it's\n\"x\"");
    CHECK(past.last().options.hosts.at(0).host.user == "alice");
    CHECK(past.directories.at("edge") == std::set<std::string>{"/scratch/flow-1"});
}

TEST_CASE("an attempt that was about to begin counts as begun only after a reboot") {
    const std::string first = start();
    const std::string other = [&] {  // a session of an earlier boot
        std::string text = first;
        const auto at = text.find(os::boot_id());
        return text.replace(at, 8, "00000000");
    }();
    const std::string pre_journaled = journal::pre_journal_line(row("A", 2), {});
    const auto newest = [](const std::string& text) {
        return journal::read_history(text, "f").of_task.at("A");
    };

    CHECK(newest(first + pre_journaled).newest.how == state::none);
    const journal::task_history cut = newest(other + pre_journaled);
    CHECK(cut.newest.how == state::begun);
    CHECK(cut.newest.pre_journaled);
    CHECK(cut.newest.number == 2);
    CHECK(cut.newest.scratch == "/tmp/flow-1/A");
    CHECK(cut.state == task_state::running);

    const std::string begins = journal::begins_line(row("A", 2), {}, {{"command", "abc"}});
    CHECK_FALSE(newest(other + pre_journaled + begins).newest.pre_journaled);
    CHECK(newest(other + pre_journaled + journal::run_ends_line("cancelled", 1)).newest.how == state::none);
    // A later session of the same boot knows that it did not start; one of a different boot does not.
    const std::string same = other.substr(other.find('\n') + 1);
    const std::string later = first.substr(first.find('\n') + 1);
    CHECK(newest(other + pre_journaled + same).newest.how == state::none);
    CHECK(newest(other + pre_journaled + later).newest.how == state::begun);
    // `cancel` then ends it.
    const journal::task_history ended =
        newest(other + pre_journaled + journal::ends_line(row("A", 2), task_state::cancelled));
    CHECK(ended.newest.number == 2);
    CHECK(ended.state == task_state::cancelled);
}

TEST_CASE("a torn last line is ignored, earlier damage is reported with its line") {
    std::string text = start();
    const std::size_t whole = text.size();
    text += journal::begins_line(row("A", 1), {}, {});
    for (std::size_t size = whole; size < text.size(); ++size) {
        const journal::history past = journal::read_history(std::string_view(text).substr(0, size), "file");
        CHECK(past.whole == whole);
        CHECK(past.of_task.at("A").newest.how == state::none);
    }
    CHECK_THROWS_WITH(journal::read_history(start() + "{\"event\":\n" + text, "file"),
                      Catch::Contains("the journal file is damaged in line 3: it is not JSON"));
    CHECK_THROWS_WITH(journal::read_history(start() + "{\"event\":\"begins\"}\n", "file"),
                      Catch::Contains("line 3: a member is missing or has the wrong type"));
    CHECK_THROWS_WITH(
        journal::read_history(start() + journal::ends_line(row("A", 4), task_state::failed), "file"),
        Catch::Contains("line 3: it ends an attempt that did not start"));
    CHECK_THROWS_WITH(
        journal::read_history(start() + "{\"event\":\"opens\",\"directory\":\"/home\"}\n", "file"),
        Catch::Contains("line 3: '/home' is not a directory of the run"));
    CHECK_THROWS_WITH(journal::read_history("{\"journal\":2}\n", "file"), Catch::Contains("its format 2"));
    CHECK_THROWS_WITH(journal::read_history("{\"jour", "file"), Catch::Contains("is empty"));
    // Additions of a later version are not damage.
    CHECK_NOTHROW(journal::read_history(start() + "{\"event\":\"new\"}\n", "file"));
}

TEST_CASE("a journal has one writer, and only its user can read it") {
    const support::temporary_directory base;
    const std::string run = journal::run_directory(base.path().string(), "flow", "flow-1");
    {
        auto file = journal::journal_file::create(run, start());
        CHECK(journal::is_being_written(run));
        CHECK_THROWS_WITH(journal::journal_file::take(run),
                          Catch::Contains("run flow-1 is under way in process "));
        CHECK_THROWS_AS(journal::journal_file::create(run, start()), journal_error);
        struct stat status {};
        REQUIRE(::stat(file.path().c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
        REQUIRE(::stat(run.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0700);
    }
    CHECK_FALSE(journal::is_being_written(run));
    auto again = journal::journal_file::take(run);
    CHECK(again.text() == start().substr(0, 0) + journal::journal_text(run));
}

TEST_CASE("the newest run is the one that started last, independent of the clock") {
    const support::temporary_directory base;
    const std::string root = base.path().string();
    CHECK(journal::next_sequence(root, "flow") == 1);
    CHECK_THROWS_WITH(journal::find_run(root, "flow", ""),
                      Catch::Contains("there is no run of workflow 'flow'"));
    journal::journal_file::create(journal::run_directory(root, "flow", "flow-20300101-abc"), start(1));
    journal::journal_file::create(journal::run_directory(root, "flow", "flow-20260101-abd"), start(2));
    CHECK(journal::next_sequence(root, "flow") == 3);
    CHECK(journal::find_run(root, "flow", "").run == "flow-20260101-abd");
    CHECK(journal::find_run(root, "flow", "abc").run == "flow-20300101-abc");
    CHECK_THROWS_WITH(journal::find_run(root, "flow", "ab"), Catch::Contains("several runs 'ab'"));
    CHECK_THROWS_WITH(journal::find_run(root, "flow", "../x"), Catch::Contains("there is no run '../x'"));
}

TEST_CASE("without XDG_STATE_HOME and HOME, journals are in the account's home directory") {
    const auto with = [](const char* state_home, const char* home) {
        ::setenv("XDG_STATE_HOME", state_home, 1);
        ::setenv("HOME", home, 1);
        return journal::default_directory();
    };
    CHECK(with("/var/x", "/home/a") == "/var/x/weft");
    CHECK(with("", "/home/a") == "/home/a/.local/state/weft");
    CHECK(with("relative", "/home/a") == "/home/a/.local/state/weft");
    CHECK(with("", "").ends_with("/.local/state/weft"));
}
