// SPDX-License-Identifier: MIT
// State that a program inherits from its parent: limits, signals, descriptors, a umask. In each case it ends
// with a message, and its tasks start in the usual state.
#include "support/limited.hpp"
#include "support/program.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;
using support::ended;
using support::running_program;
using words = std::vector<std::string>;

namespace {

struct bench {
    support::temporary_directory home;

    using variables = std::vector<std::pair<std::string, std::string>>;

    running_program start(const char* program, words options, std::function<void()> before,
                          variables environment = {}) const {
        // The process limit needs another user, who must have access too.
        fs::permissions(home.path(), fs::perms::all);
        support::child::start how;
        how.before = std::move(before);
        how.environment = std::move(environment);
        options.insert(options.end(), {"--scratch", (home.path() / "scratch").string()});
        return {program, std::move(options), home.path(), std::move(how)};
    }
    ended run(const char* program, words options, std::function<void()> before,
              variables environment = {}) const {
        return start(program, std::move(options), std::move(before), std::move(environment)).wait();
    }
    /// A copy of `program` that other users can start, wherever this project is.
    std::string for_everyone(const char* program) const {
        const fs::path copy = home.path() / fs::path(program).filename();
        fs::copy_file(program, copy, fs::copy_options::overwrite_existing);
        return copy.string();
    }
    std::string result(const char* file) const {
        std::ifstream in(home.path() / "results" / file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

std::ptrdiff_t lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

TEST_CASE("a program that may start no thread, or no process, ends with the reason") {
    if (support::thread_sanitizer) {
        WARN("skipped: the sanitizer has threads of its own");
        return;
    }
    const bench b;
    const std::string program = b.for_everyone(WEFT_PROGRAM_inherits);
    const ended none = b.run(program.c_str(), {}, [] { support::limit_processes(1); });
    INFO(none.err);
    CHECK(none.code == 1);
    // LeakSanitizer cannot start its own process in this case and prints a message too.
    if (!support::address_sanitizer) CHECK(lines(none.err) == 1);
    CHECK_THAT(none.err, Catch::StartsWith("program_inherits: cannot start a thread (") &&
                             Catch::Contains("`ulimit -u`"));
    if (::geteuid() != 0) {
        WARN("skipped: only root becomes a user who has no other process");
        return;
    }
    const ended one = b.run(program.c_str(), {}, [] { support::limit_processes(2); });
    INFO(one.err);
    CHECK(one.code == 1);
    CHECK_THAT(one.err, Catch::Contains(" ERROR A: failed: cannot start '"));
}

TEST_CASE("whatever memory and descriptors a program gets, it ends, and reports the reason if it failed") {
    const bench b;
    const auto check = [](const ended& result) {
        INFO(result.err);
        CHECK((result.code == 0 || result.code == 1 || result.code == 127));  // 127: the loader failed
        CHECK((result.code == 0) == result.err.empty());
    };
    for (rlim_t descriptors = 3; descriptors < 26; ++descriptors)
        check(b.run(WEFT_PROGRAM_inherits, {"--quiet"}, [=] { support::limit(RLIMIT_NOFILE, descriptors); }));
    if (support::address_sanitizer || support::thread_sanitizer) return;
    for (rlim_t kilobytes = 20000; kilobytes < 44000; kilobytes += 800)
        check(
            b.run(WEFT_PROGRAM_inherits, {"--quiet"}, [=] { support::limit(RLIMIT_AS, kilobytes * 1024); }));
}

TEST_CASE("a file that may not become larger is an error and does not kill the program") {
    const bench b;
    SECTION("the journal") {
        const ended result = b.run(WEFT_PROGRAM_inherits, {}, [] { support::limit(RLIMIT_FSIZE, 400); });
        INFO(result.err);
        CHECK(result.code == 1);
        CHECK(lines(result.err) == 1);
        CHECK_THAT(result.err, Catch::Contains("journal.jsonl cannot be written: File too large"));
    }
    SECTION("a file from a host") {
        const support::sshd server;
        const ended result = b.run(WEFT_PROGRAM_fetches, support::bound_to(server),
                                   [] { support::limit(RLIMIT_FSIZE, 100000); });
        INFO(result.err);
        CHECK(result.code == 1);
        CHECK_THAT(result.err, Catch::Contains(" ERROR file: failed: ") &&
                                   Catch::Contains(" ERROR tree: failed: ") &&
                                   Catch::Contains("f': File too large"));
        for (const auto& left : fs::recursive_directory_iterator(b.home.path()))
            CHECK(left.path().extension() != ".part");
    }
}

TEST_CASE("inherited ignored and blocked signals, closed streams and a umask have no effect") {
    const bench b;
    // System calls only: this runs in the child of a process that may have threads.
    const auto hostile = [] {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        for (const int one : {SIGCHLD, SIGPIPE, SIGXFSZ, SIGUSR1}) ::signal(one, SIG_IGN);
        ::close(0);
        ::umask(0777);
    };
    const ended result = b.run(WEFT_PROGRAM_inherits, {}, hostile);
    INFO(result.err);
    REQUIRE(result.code == 0);
    CHECK(b.result("A/signals") == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    CHECK(b.result("A/mask") == "0077\n");
    CHECK(b.result("A/input") == "/dev/null\n");

    const fs::path running = b.home.path() / "running";
    REQUIRE(::mkfifo(running.c_str(), 0666) == 0);
    running_program waits = b.start(WEFT_PROGRAM_inherits, {"--running", running.string()}, hostile);
    std::ifstream(running).get();
    waits.signal(SIGTERM);
    CHECK(waits.wait().code == 130);
}

// Temporary files are created in the scratch directories, which are checked before the first task.
TEST_CASE("a missing TMPDIR, here and on a host, fails nothing") {
    const bench b;
    const support::sshd server({}, 1, "TMPDIR=/no/where");
    const ended result =
        b.run(WEFT_PROGRAM_fetches, support::bound_to(server), [] {}, {{"TMPDIR", "/no/where"}});
    INFO(result.err);
    CHECK(result.code == 0);
    CHECK(b.result("tree/n") == "1000000\n");
}
