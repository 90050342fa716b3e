// SPDX-License-Identifier: MIT
// The commands about past runs, as users type them.
#include "support/agent.hpp"
#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace fs = std::filesystem;
using support::content;
using support::eventually;
using support::running_program;
using bench = support::steps_bench;
using words = std::vector<std::string>;

namespace {

/// Runs a command with its stdin from a file, without a terminal.
support::ended typed(const bench& b, const words& given, const std::string& input) {
    std::ofstream(b.home.path() / "typed") << input;
    words through{"-c", "exec \"$0\" \"$@\" <typed", WEFT_PROGRAM_steps};
    through.insert(through.end(), given.begin(), given.end());
    through.insert(through.end(), {"--state", b.state});
    return running_program("sh", std::move(through), b.home.path()).wait();
}

bool is_one_line(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n') == 1 && text.back() == '\n';
}

}  // namespace

TEST_CASE("rerun runs a task's command again where it ran, here and on a host, and returns its exit code") {
    bench b;
    b.go();
    REQUIRE(b.begin({"--keep"})->wait().code == 0);
    const support::ended here = b.tell({"rerun", "A"});
    CHECK(here.code == 0);
    CHECK(content(b.log / "A.1") == "ran\nran\n");
    const support::ended there = b.tell({"rerun", "B"});
    INFO(there.err);
    CHECK(there.code == 0);
    CHECK(there.out == "said\n");
    CHECK(content(b.log / "B.1") == "ran\nran\n");
    // Without its input it fails as the task would.
    fs::remove_all(b.home.path() / "scratch" / b.run() / "B/.weft/inputs");
    CHECK(b.tell({"rerun", "B"}).code == 1);
    for (const fs::path& scratch : {b.home.path() / "scratch" / b.run() / "A"}) fs::remove_all(scratch);
    const support::ended gone = b.tell({"rerun", "A"});
    CHECK(gone.code == 1);
    CHECK(is_one_line(gone.err));
    CHECK_THAT(gone.err, Catch::Contains("the scratch of task A no longer exists"));
}

TEST_CASE("rerun with --shell opens a shell in a task's scratch with its environment, here and on a host") {
    bench b;
    b.go();
    REQUIRE(b.begin({"--keep"})->wait().code == 0);
    for (const std::string task : {"A", "B"}) {
        const support::ended end =
            typed(b, {"rerun", task, "--shell"}, "pwd\necho $WEFT_TASK.$WEFT_ATTEMPT\nexit 7\n");
        INFO(end.err);
        CHECK(end.code == 7);
        CHECK(end.out == (b.home.path() / "scratch" / b.run() / task).string() + '\n' + task + ".1\n");
        CHECK(end.err.empty());
    }
}

TEST_CASE("status, logs and rerun report a run in progress, and clean does not touch it") {
    bench b;
    const auto engine = b.begin({});
    REQUIRE(eventually([&] { return b.ran("B.1"); }));
    const support::ended status = b.tell({"status"});
    CHECK_THAT(status.out, Catch::Contains(": under way\n") && Catch::Contains("edge:"));
    CHECK(b.tell({"logs", "B"}).code == 0);
    const support::ended rerun = b.tell({"rerun", "B"});
    CHECK(rerun.code == 1);
    CHECK_THAT(rerun.err, Catch::Contains("task B is running in "));
    CHECK_THAT(b.tell({"clean", "--all"}).out, Catch::Contains("is under way: not removed"));
    const support::ended named = b.tell({"clean", b.run()});
    CHECK(named.code == 1);
    CHECK_THAT(named.err, Catch::Contains("is under way"));
    b.go();
    CHECK(engine->wait().code == 0);
    CHECK_THAT(b.tell({"logs", "C"}).err, Catch::Equals(""));
}

TEST_CASE("a missing run, one of another workflow and one of another user are each reported in one line") {
    bench b;
    for (const char* command : {"status", "resume", "cancel"}) {
        const support::ended end = b.tell({command});
        CHECK(end.code == 1);
        CHECK(is_one_line(end.err));
        CHECK_THAT(end.err, Catch::Contains("there is no run of workflow 'steps' in " + b.state));
    }
    CHECK_THAT(b.tell({"runs"}).out, Catch::StartsWith("no runs of workflow 'steps'"));
    CHECK(b.tell({"clean"}).out == "nothing to remove\n");
    b.go();
    REQUIRE(b.begin({})->wait().code == 0);
    CHECK_THAT(b.tell({"status", "nope"}).err,
               Catch::Contains("there is no run 'nope'") && Catch::Contains("the newest is " + b.run()));
    CHECK_THAT(b.tell({"logs", "Bb"}).err, Catch::Contains("has no task 'Bb'"));
    CHECK_THAT(b.tell({"logs", "B"}).err, Catch::Contains("was removed after its last consumer"));
    const support::ended other = b.tell({"status", b.run()}, WEFT_PROGRAM_thirty);
    CHECK(other.code == 1);
    CHECK_THAT(other.err, Catch::Contains("is of workflow 'steps', not of 'thirty'"));
    if (::geteuid() != 0) return;
    // Any user who may not read it acts as another user.
    fs::permissions(b.home.path(), fs::perms::owner_all | fs::perms::others_exec | fs::perms::group_exec);
    std::vector<std::string> as_nobody{WEFT_PROGRAM_steps, "status", "--state", b.state};
    as_nobody.insert(as_nobody.begin(), {"setpriv", "--reuid", "65534", "--clear-groups"});
    support::captured said;
    support::child::start how;
    how.arguments = as_nobody;
    how.error = said.descriptor();
    CHECK(support::child(how).wait() == 1);
    CHECK_THAT(said.text(), Catch::Contains("cannot be read (Permission denied)"));
}

TEST_CASE(
    "a failed task's message says where it ran, how it ended, its last output, and how to try it by hand") {
    bench b;
    words given{"run",     "--log", "/no/where", "--scratch", (b.home.path() / "scratch").string(),
                "--state", b.state};
    for (const std::string& word : support::bound_to(b.server)) given.push_back(word);
    const support::ended end = running_program(WEFT_PROGRAM_steps, given, b.home.path()).wait();
    CHECK(end.code == 1);
    const std::string scratch = (b.home.path() / "scratch" / b.run() / "A").string();
    CHECK_THAT(end.err, Catch::Contains("A: failed: exit code 1, scratch directory " + scratch) &&
                            Catch::Contains("A:   stderr: ") &&
                            Catch::Contains("No such file or directory") &&
                            Catch::Contains("B: skipped: A failed"));
    const std::string program = WEFT_PROGRAM_steps;
    CHECK_THAT(end.err, Catch::Contains("to resume: " + program + " resume " + b.run() + " --state ") &&
                            Catch::Contains("to debug A: " + program + " rerun A --shell --state "));
    const support::ended skipped = b.tell({"logs", "B"});
    CHECK_THAT(skipped.err, Catch::Contains("it is skipped, because A failed\n"));
    const support::ended again = b.tell({"rerun", "A"});
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Catch::Contains("No such file or directory"));
}

TEST_CASE("commands about a run on several machines reach the right one, also on the same address") {
    bench b;
    support::sshd second;
    second.write("authorized_keys", b.server.public_key("client_key"));
    b.server.write("known_hosts",
                   content(b.server.file("known_hosts")) + content(second.file("known_hosts")));
    const auto address = [](const support::sshd& one) {
        return support::sshd::user() + "@127.0.0.1:" + std::to_string(one.port());
    };
    const words options{"--scratch", (b.home.path() / "scratch").string(), "--state", b.state};
    words run{"run",           "--keep",
              "--log",         b.log.string(),
              "--host",        "edge=" + address(b.server),
              "--host",        "edge=" + address(second),
              "--identity",    b.server.file("client_key"),
              "--known-hosts", b.server.file("known_hosts")};
    run.insert(run.end(), options.begin(), options.end());
    running_program engine(WEFT_PROGRAM_steps, run, b.home.path());
    REQUIRE(eventually([&] { return b.ran("B.1"); }));
    const bool on_second =
        b.tell({"status"}).out.find("edge@" + address(second).substr(address(second).find('@') + 1)) !=
        std::string::npos;
    // The other machine is down: every connection to it fails.
    support::sshd& other = on_second ? b.server : second;
    const std::string there = address(on_second ? second : b.server);
    SECTION("logs and rerun") {
        b.go();
        REQUIRE(engine.wait().code == 0);
        other.stop();
        const support::ended logs = b.tell({"logs", "B"});
        INFO(logs.err);
        CHECK(logs.out == "said\n");
        // Bound again, to this machine alone: the rest comes from the journal.
        CHECK(b.tell({"logs", "B", "--host", "edge=" + there}).out == "said\n");
        CHECK(b.tell({"logs", "B", "--host", "edge=" + there, "--identity", b.server.file("client_key"),
                      "--known-hosts", b.server.file("known_hosts")})
                  .out == "said\n");
        // An option without an address applies to the machines in the journal.
        CHECK(b.tell({"logs", "B", "--identity", b.server.file("client_key")}).out == "said\n");
        CHECK_THAT(b.tell({"logs", "B", "--identity", b.server.file("host_key")}).err,
                   Catch::Contains("does not accept the key"));
        const support::ended rerun = b.tell({"rerun", "B"});
        INFO(rerun.err);
        CHECK(rerun.code == 0);
        CHECK(rerun.out == "said\n");
    }
    SECTION("clean") {
        b.go();
        REQUIRE(engine.wait().code == 0);
        const support::ended clean = b.tell({"clean", "--all"});
        INFO(clean.err);
        CHECK_THAT(clean.out, Catch::Contains("removed "));
        CHECK(fs::is_empty(b.home.path() / "scratch"));
    }
    SECTION("cancel") {
        engine.signal(SIGKILL);
        engine.wait();
        other.stop();
        const support::ended cancel = b.tell({"cancel"});
        INFO(cancel.err);
        CHECK(cancel.code == 0);
        CHECK_THAT(cancel.out, Catch::Contains(": cancelled"));
    }
}

TEST_CASE(
    "rerun on a host checks its key and writes no known_hosts, whatever the user's configuration says") {
    bench b;
    b.go();
    REQUIRE(b.begin({"--keep"})->wait().code == 0);
    // An `ssh` with another configuration than that of the user who runs the tests.
    fs::create_directory(b.server.file("bin"));
    b.server.write("bin/ssh",
                   "#!/bin/sh\nexec /usr/bin/ssh -F '" + b.server.file("ssh_config") + "' \"$@\"\n");
    fs::permissions(b.server.file("bin/ssh"), fs::perms::owner_all);
    b.server.write(
        "ssh_config",
        "Host *\nStrictHostKeyChecking no\nUpdateHostKeys yes\nCheckHostIP yes\n"
        "NoHostAuthenticationForLocalhost yes\nRemoteCommand false\nKnownHostsCommand /bin/echo 127.0.0.1 " +
            b.server.public_key("host_key") + "UserKnownHostsFile " + b.server.file("known_hosts") + '\n');
    const support::environment_variable path("PATH", b.server.file("bin") + ':' + std::getenv("PATH"));
    const std::string right = content(b.server.file("known_hosts"));
    const support::ended known = b.tell({"rerun", "B"});
    INFO(known.err);
    CHECK(known.code == 0);
    CHECK(known.out == "said\n");
    CHECK(content(b.server.file("known_hosts")) == right);

    b.server.key("other_key");
    const std::string name = right.substr(0, right.find(' ') + 1);
    for (const std::string& text :
         {std::string(), name + b.server.public_key("other_key"), "@revoked " + right + right}) {
        INFO(text);
        b.server.write("known_hosts", text);
        const support::ended refused = b.tell({"rerun", "B"});
        CHECK(refused.code == 255);
        CHECK_THAT(refused.err, Catch::Contains("Host key verification failed"));
        CHECK(refused.out.empty());
        CHECK(content(b.server.file("known_hosts")) == text);
    }
    fs::remove(b.server.file("known_hosts"));
    fs::create_directory(b.server.file("known_hosts"));
    const support::ended refused = b.tell({"rerun", "B"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, Catch::Contains("cannot be read: it is a directory"));
}
