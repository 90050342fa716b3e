// SPDX-License-Identifier: MIT
#include <weft/backend/local_place.hpp>
#include <weft/backend/ssh_place.hpp>
#include <weft/stage/archive_stager.hpp>

#include "support/run_async.hpp"
#include "support/sshd.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using weft::engine::attempt;
using weft::engine::outcome;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct bench {
    support::sshd server;
    support::temporary_directory base;
    weft::os::reactor loop;
    weft::ssh_host how = server.binding();

    explicit bench(const std::string& extra = {}) : server(extra) { how.scratch = base.path().string(); }

    std::unique_ptr<weft::backend::ssh_place> place() {
        return std::make_unique<weft::backend::ssh_place>(loop, "edge", how, "run-1", 1);
    }
    /// The message with which the host refuses to open.
    std::string refusal() {
        const auto edge = place();
        std::string text;
        try {
            support::run_async(loop, edge->open());
        } catch (const weft::engine::place_error& error) {
            text = error.what();
        }
        support::run_async(loop, edge->close());
        return text;
    }
    attempt shell(const std::string& name, const std::string& script) const {
        attempt what;
        what.task = name;
        what.run = "run-1";
        what.scratch = (base.path() / "run-1" / name).string();
        what.script = script;
        return what;
    }
};

}  // namespace

TEST_CASE("a host runs commands, tells exit codes, and nothing of the run is left on it after the close") {
    bench b;
    const auto edge = b.place();
    CHECK(support::run_async(b.loop, edge->open()).slots >= 1);
    const outcome good =
        support::run_async(b.loop, edge->run(b.shell("A", "echo $WEFT_TASK > f; echo err >&2")));
    INFO(good.message);
    CHECK(good.ok());
    CHECK(content(b.base.path() / "run-1/A/f") == "A\n");
    CHECK(content(b.base.path() / "run-1/A/.weft/exit") == "0\n");
    CHECK(support::run_async(b.loop, edge->tail((b.base.path() / "run-1/A/.weft/stderr").string(), 100)) ==
          "err\n");
    CHECK(support::run_async(b.loop, edge->run(b.shell("B", "exit 7"))).code == 7);
    const outcome killed = support::run_async(b.loop, edge->run(b.shell("C", "kill -9 $$")));
    CHECK(killed.how == outcome::kind::signalled);
    CHECK(killed.code == 9);
    const outcome twice = support::run_async(b.loop, edge->run(b.shell("A", "true")));
    CHECK(twice.how == outcome::kind::not_started);
    support::run_async(b.loop, edge->close());
}

TEST_CASE("a hundred tasks run at once over one connection") {
    bench b;
    const auto edge = b.place();
    support::run_async(b.loop, edge->open());
    int good = 0;
    weft::os::completion<bool> done;
    const auto one = [&](int i) -> weft::os::async<void> {
        const attempt what = b.shell("t" + std::to_string(i), "sleep 0.2; echo done");
        const outcome end = co_await edge->run(what);
        good += end.ok();
        if (good == 100) done.set(true);
    };
    for (int i = 0; i < 100; ++i) weft::os::spawn(one(i));
    const auto wait = [&]() -> weft::os::async<void> { co_await done; };
    support::run_async(b.loop, wait());
    CHECK(good == 100);
    support::run_async(b.loop, edge->close());
}

TEST_CASE("files go to a host and come back unchanged, many at once") {
    bench b;
    const auto edge = b.place();
    weft::backend::local_place here(b.loop, "run-1");
    weft::stage::archive_stager stager;
    support::run_async(b.loop, edge->open());
    const fs::path from = b.base.path() / "from";
    fs::create_directories(from);
    support::run_program(
        {"sh", "-c", "head -c 50000000 /dev/urandom > '" + (from / "big file").string() + "'"});
    int left = 10;
    weft::os::completion<bool> done;
    const auto round = [&](int i) -> weft::os::async<void> {
        const std::string there = (b.base.path() / ("there" + std::to_string(i))).string();
        const std::string back = (b.base.path() / ("back" + std::to_string(i))).string();
        std::vector<std::string> paths{"big file"};
        std::string source = from.string();
        co_await stager.copy(here, source, paths, *edge, there, {});
        co_await stager.copy(*edge, there, paths, here, back, {});
        if (--left == 0) done.set(true);
    };
    for (int i = 0; i < 10; ++i) weft::os::spawn(round(i));
    const auto wait = [&]() -> weft::os::async<void> { co_await done; };
    support::run_async(b.loop, wait());
    const std::string original = content(from / "big file");
    for (int i = 0; i < 10; ++i)
        CHECK(content(b.base.path() / ("back" + std::to_string(i)) / "big file") == original);
    support::run_async(b.loop, edge->close());
}

TEST_CASE("a login shell that prints does not disturb commands or streams") {
    support::temporary_directory home;
    std::ofstream(home.path() / ".bashrc") << "echo 'Welcome! 100% \"quoted\"'; echo warning >&2\n";
    bench b("SetEnv HOME=" + home.path().string());
    // sshd sets HOME itself; the command goes through a shell that prints like a noisy .bashrc.
    b.server.stop();
    bench noisy(
        "ForceCommand echo Welcome; echo warning >&2; printf 'no line end'; eval \"$SSH_ORIGINAL_COMMAND\"");
    const auto edge = noisy.place();
    support::run_async(noisy.loop, edge->open());
    CHECK(support::run_async(noisy.loop, edge->run(noisy.shell("A", "echo 1 > f"))).ok());
    weft::backend::local_place here(noisy.loop, "run-1");
    weft::stage::archive_stager stager;
    std::vector<std::string> paths{"f"};
    support::run_async(noisy.loop, stager.copy(*edge, (noisy.base.path() / "run-1/A").string(), paths, here,
                                               (noisy.base.path() / "back").string(), {}));
    CHECK(content(noisy.base.path() / "back/f") == "1\n");
    support::run_async(noisy.loop, edge->close());
}

TEST_CASE("a connection that is cut loses its tasks with a message, and hangs nothing") {
    bench b;
    const auto edge = b.place();
    support::run_async(b.loop, edge->open());
    const auto cut = b.loop.after(300ms, [&] {
        b.server.stop();
        support::run_program({"pkill", "-KILL", "-f", "sshd: " + support::sshd::user() + "@notty"});
    });
    const outcome end = support::run_async(b.loop, edge->run(b.shell("A", "sleep 3")));
    CHECK(end.how == outcome::kind::lost);
    CHECK_THAT(end.message, Catch::Contains("host edge") && Catch::Contains("may still run"));
    support::run_async(b.loop, edge->close());
}

TEST_CASE("each way in which a host cannot be reached is one line that names the host and what to do") {
    bench b;
    SECTION("a key that it does not accept") {
        b.server.key("other_key");
        b.how.identity = b.server.file("other_key");
        CHECK_THAT(b.refusal(), Catch::Contains("host edge (") &&
                                    Catch::Contains("does not accept the key") &&
                                    Catch::Contains("authorized_keys"));
    }
    SECTION("no such user") {
        b.how.user = "no-such-user";
        CHECK_THAT(b.refusal(), Catch::Contains("no-such-user@127.0.0.1") &&
                                    Catch::Contains("check that the user exists"));
    }
    SECTION("a key file that is not there") {
        b.how.identity = "/no/such/key";
        CHECK_THAT(b.refusal(), Catch::Contains("/no/such/key cannot be read"));
    }
    SECTION("a file that is no key") {
        b.how.identity = b.server.file("config");
        CHECK_THAT(b.refusal(), Catch::Contains("cannot be used"));
    }
    SECTION("a closed port") {
        b.how.port = support::free_port();
        CHECK_THAT(b.refusal(), Catch::Contains("connection refused"));
    }
    SECTION("an unknown host key") {
        b.server.write("known_hosts", "");
        CHECK_THAT(b.refusal(), Catch::Contains("not known") && Catch::Contains("SHA256:") &&
                                    Catch::Contains("[127.0.0.1]:" + std::to_string(b.server.port()) +
                                                    " ssh-ed25519 AAAA"));
        CHECK(content(b.server.file("known_hosts")).empty());
    }
    SECTION("a changed host key") {
        b.server.key("other_key");
        b.server.write("known_hosts", "[127.0.0.1]:" + std::to_string(b.server.port()) + ' ' +
                                          b.server.public_key("other_key"));
        CHECK_THAT(b.refusal(), Catch::Contains("CHANGED") && Catch::Contains("known_hosts"));
    }
    SECTION("a revoked host key") {
        const std::string line = content(b.server.file("known_hosts"));
        b.server.write("known_hosts", line + "@revoked " + line);
        CHECK_THAT(b.refusal(), Catch::Contains("revoked in line 2"));
    }
    SECTION("a name that does not resolve") {
        b.how.address = "no-such-host.invalid";
        CHECK_THAT(b.refusal(), Catch::Contains("cannot be resolved"));
    }
    SECTION("an address that does not answer") {
        // A listener whose queue is full swallows connections, as an unreachable address does.
        b.how.connect_timeout = 1s;
        const weft::os::descriptor deaf(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(deaf.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(deaf.get(), 5) == 0);
        ::getsockname(deaf.get(), reinterpret_cast<sockaddr*>(&address), &size);
        b.how.port = ::ntohs(address.sin_port);
        CHECK_THAT(b.refusal(), Catch::Contains("host edge (") && Catch::Contains("no answer within 1 s"));
    }
    SECTION("a scratch base that cannot be written") {
        b.how.scratch = "/proc/nowhere";
        CHECK_THAT(b.refusal(), Catch::Contains("scratch base /proc/nowhere cannot be written"));
    }
    SECTION("a login shell that hangs") {
        b.server.stop();
        bench stuck("ForceCommand sleep 1000");
        stuck.how.connect_timeout = 1s;
        CHECK_THAT(stuck.refusal(), Catch::Contains("does not answer"));
    }
}

TEST_CASE("an encrypted key is opened by SSH_ASKPASS or the agent, and says so when neither is there") {
    bench b;
    b.server.key("locked_key", "open sesame");
    b.server.write("authorized_keys", b.server.public_key("locked_key"));
    b.how.identity = b.server.file("locked_key");
    b.server.write("askpass", "#!/bin/sh\necho 'open sesame'\n");
    fs::permissions(b.server.file("askpass"), fs::perms::owner_all);
    ::unsetenv("SSH_AUTH_SOCK");
    SECTION("askpass") {
        ::setenv("SSH_ASKPASS", b.server.file("askpass").c_str(), 1);
        ::setenv("SSH_ASKPASS_REQUIRE", "force", 1);
        CHECK(b.refusal() == "");
    }
    SECTION("an agent") {
        const std::string socket = b.server.file("agent");
        ::unsetenv("SSH_ASKPASS");
        ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
        weft::os::process_start start;
        start.arguments = {"ssh-agent", "-D", "-a", socket};
        start.environment = weft::os::environment_with({});
        weft::os::process agent(start);
        while (!fs::exists(socket)) ::usleep(1000);
        ::setenv("SSH_ASKPASS", b.server.file("askpass").c_str(), 1);
        ::setenv("SSH_ASKPASS_REQUIRE", "force", 1);
        support::run_program({"ssh-add", "-q", b.how.identity});
        ::unsetenv("SSH_ASKPASS");
        CHECK(b.refusal() == "");
        ::kill(agent.id(), SIGKILL);
        agent.reap();
        ::unsetenv("SSH_AUTH_SOCK");
    }
    SECTION("a wrong passphrase") {
        b.server.write("askpass", "#!/bin/sh\necho wrong\n");
        ::setenv("SSH_ASKPASS", b.server.file("askpass").c_str(), 1);
        ::setenv("SSH_ASKPASS_REQUIRE", "force", 1);
        CHECK_THAT(b.refusal(), Catch::Contains("locked_key cannot be used"));
    }
    ::unsetenv("SSH_ASKPASS");
    ::unsetenv("SSH_ASKPASS_REQUIRE");
}
