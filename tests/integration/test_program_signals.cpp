// SPDX-License-Identifier: MIT
// Effects of a keyboard, a closed terminal or a stopping service on a running program.
#include <weft/os/process_table.hpp>

#include "support/program.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <fstream>
#include <iterator>

namespace fs = std::filesystem;
using support::ended;
using support::running_program;
using words = std::vector<std::string>;

namespace {

/// The program whose tasks run until they are killed: A here and B on a host.
struct bench {
    support::sshd server;
    support::temporary_directory home;
    fs::path scratch = home.path() / "scratch";
    fs::path here = fifo("here");
    fs::path there = fifo("there");
    fs::path reported = fifo("reported");

    explicit bench(const std::string& sshd_lines = {}) : server(sshd_lines) { bind(server.port()); }
    bench(const bench&) = delete;
    bench& operator=(const bench&) = delete;
    ~bench() {
        for (const pid_t left : running()) ::kill(left, SIGKILL);
    }

    /// Binds the host to this port; without `bind`, a test that waits for its connection would never end.
    void bind(std::uint16_t port, const std::string& key = "client_key") const {
        std::ofstream(home.path() / "hosts.toml")
            << "[edge]\naddress = \"127.0.0.1\"\nport = " << port << "\nuser = \"" << support::sshd::user()
            << "\"\nidentity = \"" << server.file(key) << "\"\nknown_hosts = \"" << server.file("known_hosts")
            << "\"\nconnect_timeout = 3600\n";
    }

    running_program start(const words& more = {}, support::child::start how = {}) const {
        words options{"--hosts", "hosts.toml",  "--scratch", scratch.string(),
                      "--here",  here.string(), "--there",   there.string()};
        options.insert(options.end(), more.begin(), more.end());
        return {WEFT_PROGRAM_long_tasks, std::move(options), home.path(), std::move(how)};
    }

    std::vector<pid_t> running() const {
        std::vector<pid_t> found;
        std::error_code none;
        for (const auto& run : fs::directory_iterator(scratch, none)) {
            const auto more = weft::os::processes_with("WEFT_RUN=" + run.path().filename().string());
            found.insert(found.end(), more.begin(), more.end());
        }
        return found;
    }

    fs::path fifo(const char* name) const {
        fs::path made = home.path() / name;
        if (::mkfifo(made.c_str(), 0600) != 0) throw std::runtime_error("no fifo");
        return made;
    }
};

/// Waits until a task has opened and closed its pipe.
void wait_for(const fs::path& fifo) {
    std::ifstream(fifo).get();
}

/// Checks that it was ended by the user: the exit code says so, and no host is mentioned.
void check_cancelled(const ended& result) {
    INFO(result.err);
    CHECK(result.code == 130);
    CHECK_THAT(result.err, Catch::Contains(" ERROR workflow 'long-tasks' cancelled after ") &&
                               Catch::Contains(" WARNING C: cancelled\n") && !Catch::Contains("ERROR host"));
}

}  // namespace

TEST_CASE("one signal ends the tasks here and on hosts, and then the program") {
    const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
    const bench b;
    running_program program = b.start();
    wait_for(b.here);
    wait_for(b.there);
    CHECK(b.running().size() >= 4);
    program.signal(signal);
    check_cancelled(program.wait());
    CHECK(b.running().empty());
}

TEST_CASE("a second Ctrl-C does not wait for the grace period") {
    const bench b;
    running_program program = b.start({"--reported", b.reported.string(), "--grace", "3600"});
    wait_for(b.here);
    wait_for(b.there);
    program.signal(SIGINT);
    wait_for(b.reported);
    program.signal(SIGINT);
    check_cancelled(program.wait());
    CHECK(b.running().empty());
}

TEST_CASE("a second Ctrl-C does not wait for a host that does not answer") {
    const bench b;
    running_program program = b.start({"--reported", b.reported.string(), "--grace", "3600"});
    wait_for(b.here);
    wait_for(b.there);
    for (const pid_t connection : b.server.connections()) ::kill(connection, SIGSTOP);
    program.signal(SIGINT);
    wait_for(b.reported);
    program.signal(SIGINT);
    CHECK(program.wait().code == 130);
}

TEST_CASE("under nohup a closed terminal ends nothing") {
    const bench b;
    support::child::start how;
    how.ignores_hangup = true;
    running_program program = b.start({}, how);
    wait_for(b.here);
    wait_for(b.there);
    std::ifstream status("/proc/" + std::to_string(program.id()) + "/status");
    const std::string text(std::istreambuf_iterator<char>(status), {});
    const auto ignored = std::stoull(text.substr(text.find("SigIgn:") + 7), nullptr, 16);
    CHECK((ignored >> (SIGHUP - 1) & 1) == 1);
    program.signal(SIGHUP);
    program.signal(SIGINT);
    check_cancelled(program.wait());
}

TEST_CASE("Ctrl-C does not wait for a host that is still being connected") {
    SECTION("it accepts and sends nothing") {
        const bench b;
        const support::silent_server silent;
        b.bind(silent.port());
        running_program program = b.start({"--grace", "3600"});
        const weft::os::descriptor accepted = silent.accept();
        program.signal(SIGINT);
        check_cancelled(program.wait());
    }
    SECTION("it does not even accept") {
        const bench b;
        const support::deaf_server deaf;
        b.bind(deaf.port());
        running_program program = b.start();
        wait_for(b.here);
        program.signal(SIGINT);
        check_cancelled(program.wait());
    }
    SECTION("its login shell never answers") {
        support::temporary_directory directory;
        const std::string fifo = (directory.path() / "shell").string();
        REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
        const bench b("ForceCommand : > " + fifo + "; exec cat > /dev/null");
        running_program program = b.start({"--grace", "3600"});
        wait_for(fifo);
        program.signal(SIGINT);
        check_cancelled(program.wait());
    }
    SECTION("it waits for a passphrase") {
        const bench b;
        b.server.key("locked_key", "open sesame");
        b.server.write("authorized_keys", b.server.public_key("locked_key"));
        b.bind(b.server.port(), "locked_key");
        const fs::path asked = b.fifo("asked");
        b.server.write("askpass", "#!/bin/sh\n: > '" + asked.string() + "'\nexec sleep 1000\n");
        fs::permissions(b.server.file("askpass"), fs::perms::owner_all);
        support::child::start how;
        how.environment = {{"SSH_ASKPASS", b.server.file("askpass")}, {"SSH_ASKPASS_REQUIRE", "force"}};
        running_program program = b.start({"--grace", "3600"}, how);
        wait_for(asked);
        program.signal(SIGINT);
        check_cancelled(program.wait());
    }
}

TEST_CASE("Ctrl-C waits at most for the grace period when a host has gone away with its tasks") {
    bench b;
    running_program program = b.start({"--grace", "0.3"});
    wait_for(b.here);
    wait_for(b.there);
    b.server.stop();
    program.signal(SIGINT);
    const ended result = program.wait();
    INFO(result.err);
    CHECK(result.code == 130);
}
