// SPDX-License-Identifier: MIT
// The question for a passphrase on a real terminal.
#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>

#include <csignal>

namespace {

/// A terminal whose user is the test.
class terminal {
public:
    terminal() {
        int here = -1;
        int there = -1;
        if (::openpty(&here, &there, nullptr, nullptr, nullptr) != 0) throw std::runtime_error("no terminal");
        ::fcntl(here, F_SETFD, FD_CLOEXEC);  // otherwise the program keeps it open, and it never hangs up
        here_.reset(here);
        there_.reset(there);
    }
    int for_the_program() const { return there_.get(); }
    void program_has_it() { there_.reset(); }
    void hang_up() { here_.reset(); }

    void type(std::string_view keys) const { REQUIRE(::write(here_.get(), keys.data(), keys.size()) > 0); }
    bool echoes() const {
        termios how{};
        return ::tcgetattr(here_.get(), &how) == 0 && (how.c_lflag & ECHO) != 0;
    }

    /// Reads until `text` was shown, or to the end.
    const std::string& shows(const std::string& text) {
        char part[4096];
        while (text.empty() || shown_.find(text) == shown_.npos) {
            const ssize_t got = ::read(here_.get(), part, sizeof part);
            if (got <= 0) break;  // EIO: no program has it open any more
            shown_.append(part, static_cast<std::size_t>(got));
        }
        return shown_;
    }

private:
    weft::os::descriptor here_;
    weft::os::descriptor there_;
    std::string shown_;
};

}  // namespace

TEST_CASE("a passphrase is asked for on the terminal without echo, and Ctrl-C restores the terminal") {
    const support::sshd server;
    const support::temporary_directory home;
    server.key("locked_key", "open sesame");
    server.write("authorized_keys", server.public_key("locked_key"));

    terminal screen;
    support::child::start how;
    how.arguments = {WEFT_PROGRAM_demo,
                     "--host",
                     "edge=" + support::sshd::user() + "@127.0.0.1:" + std::to_string(server.port()),
                     "--identity",
                     server.file("locked_key"),
                     "--known-hosts",
                     server.file("known_hosts"),
                     "--scratch",
                     (home.path() / "scratch").string()};
    how.environment = {{"HOME", home.path().string()}, {"SSH_AUTH_SOCK", ""}, {"SSH_ASKPASS", ""}};
    how.directory = home.path().string();
    how.terminal = screen.for_the_program();
    how.death = SIGTERM;
    support::child program(how);
    screen.program_has_it();

    CHECK_THAT(screen.shows("locked_key: "), Catch::Contains("passphrase of the key"));
    CHECK_FALSE(screen.echoes());
    SECTION("the right one") {
        screen.type("open sesame\n");
        CHECK_THAT(screen.shows(""), Catch::Contains("completed in") && !Catch::Contains("open sesame"));
        CHECK(program.wait() == 0);
    }
    SECTION("a wrong one") {
        screen.type("sesame\n");
        CHECK_THAT(screen.shows(""), Catch::Contains("was the passphrase right?"));
        CHECK(program.wait() == 1);
    }
    SECTION("Ctrl-C") {
        screen.type("\x03");
        CHECK_THAT(screen.shows(""), Catch::Contains("cancelled after"));
        CHECK(program.wait() == 130);
    }
    SECTION("a signal that the program does not handle") {
        program.signal(SIGQUIT);
        CHECK(program.wait() == -SIGQUIT);
    }
    SECTION("a stop, after which the question continues with the program") {
        program.signal(SIGTSTP);
        int status = 0;
        REQUIRE(::waitpid(program.id(), &status, WUNTRACED) == program.id());
        CHECK(WIFSTOPPED(status));
        CHECK(screen.echoes());
        program.signal(SIGCONT);
        REQUIRE(support::eventually([&] { return !screen.echoes(); }));
        screen.type("open sesame\n");
        CHECK_THAT(screen.shows(""), Catch::Contains("completed in"));
        CHECK(program.wait() == 0);
    }
    SECTION("a terminal that goes away") {
        screen.hang_up();
        CHECK(program.wait() == 130);
        return;
    }
    CHECK(screen.echoes());
}

TEST_CASE("logs escapes a task's output for a terminal, and copies its bytes to a file") {
    const support::temporary_directory home;
    support::child::start how;
    how.arguments = {WEFT_PROGRAM_inherits, "--keep", "--quiet", "--scratch",
                     (home.path() / "scratch").string()};
    how.environment = {{"HOME", home.path().string()}, {"XDG_STATE_HOME", ""}};
    how.directory = home.path().string();
    REQUIRE(support::child(how).wait() == 0);
    how.arguments = {WEFT_PROGRAM_inherits, "logs", "A"};

    support::captured raw;
    how.output = raw.descriptor();
    CHECK(support::child(how).wait() == 0);
    CHECK(raw.text() == "\x1b[31mred \u202etxt\n");

    terminal screen;
    how.terminal = screen.for_the_program();
    support::child program(how);
    screen.program_has_it();
    CHECK(screen.shows("") == "\\x1b[31mred \\xe2\\x80\\xaetxt\r\n");
    CHECK(program.wait() == 0);
}
