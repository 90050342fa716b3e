// SPDX-License-Identifier: MIT
// The first connection to a host: a broken one is tried again, and output of the host in place of a shell is
// shown.
#include "support/cutting_proxy.hpp"
#include "support/event_log.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Catch::Contains;
using support::cutting_proxy;
using support::event_log;
using support::ssh_bench;

TEST_CASE("a first connection that is taken and then cut is tried again until it holds") {
    ssh_bench b;
    // At once, in the banner, in the key exchange, at the login.
    const std::size_t cut = GENERATE(0u, 10u, 600u, 2200u);
    const cutting_proxy proxy(b.server.port(), {cut, cut});
    b.how = b.server.binding_through(proxy.port());
    b.how.scratch = b.base.path().string();
    event_log events;
    const auto edge = b.place();
    edge->listen(events);
    b.wait(edge->open());
    CHECK(proxy.connections() == 3);
    CHECK(events.away.size() == 1);
    CHECK(events.back == std::vector<std::string>{"edge"});
    CHECK(b.wait(edge->run(b.shell("A", "true"))).ok());
    b.wait(edge->close());
}

TEST_CASE("a host that cuts each connection is given up within its deadline") {
    ssh_bench b;
    const cutting_proxy proxy(b.server.port(), std::vector<std::size_t>(100, 0));
    b.how = b.server.binding_through(proxy.port());
    b.how.deadline = 1500ms;
    CHECK_THAT(b.refusal(), Contains("edge") && Contains("cannot connect"));
    CHECK(proxy.connections() > 2);
}

TEST_CASE("a refused connection is tried again if a task of the host is retried, otherwise not") {
    ssh_bench b;
    b.how.deadline = 20s;
    b.server.pause();
    event_log events;
    const auto edge = b.place();
    edge->listen(events);
    if (GENERATE(true, false)) {
        edge->insist();
        const auto later = b.loop.after(300ms, [&] { b.server.go_on(); });
        b.wait(edge->open());
        CHECK(events.away.size() == 1);
        CHECK(events.back.size() == 1);
    } else {
        CHECK_THROWS_WITH(b.wait(edge->open()), Contains("connection refused"));
        CHECK(events.away.empty());
        b.server.go_on();
    }
    b.wait(edge->close());
}

TEST_CASE("a rejected login is not tried again") {
    ssh_bench b;
    b.server.write("authorized_keys", "");
    const auto edge = b.place();
    event_log events;
    edge->listen(events);
    edge->insist();
    CHECK_THROWS_WITH(b.wait(edge->open()), Contains("does not accept the key"));
    CHECK(events.away.empty());
    b.wait(edge->close());
}

TEST_CASE("a host that answers in place of a shell is quoted") {
    struct answer {
        const char* command;
        const char* shown;
    };
    const auto one =
        GENERATE(values<answer>({{"/usr/sbin/nologin", "This account is currently not available"},
                                 {"/bin/false", "exit code 1; it said nothing"},
                                 {"echo Only sftp here; exit 3", "exit code 3; it said: Only sftp here"},
                                 {"printf 'no end of line' >&2", "it said: no end of line"},
                                 {"bash -r -c \"$SSH_ORIGINAL_COMMAND\"", "restricted"},
                                 {"PATH=/nonexistent; eval \"$SSH_ORIGINAL_COMMAND\"", "not found"}}));
    ssh_bench b(std::string("ForceCommand ") + one.command);
    const std::string said = b.refusal();
    INFO(said);
    CHECK_THAT(said, Contains("host edge: no `sh` came up there") && Contains(one.shown));
}

TEST_CASE(
    "a login shell that reads the input of the control shell, or asks a question, is reported as such") {
    const bool asks = GENERATE(false, true);
    ssh_bench b(asks ? "ForceCommand printf 'One-time code: '; cat >/dev/null"
                     : "ForceCommand cat >/dev/null; sleep 60");
    b.how.connect_timeout = 1s;
    const std::string said = b.refusal();
    INFO(said);
    CHECK_THAT(said, Contains("its login shell does not answer within 1 s") &&
                         Contains(asks ? "it said: One-time code: " : "it said nothing"));
}

TEST_CASE("a host without /proc is rejected before a task starts, with what to do") {
    const std::string hide = "unshare -m sh -c 'mount -t tmpfs none /proc && exec sh -c \"$0\"' ";
    if (std::system((hide + "'[ ! -e /proc/self ]' 2>/dev/null").c_str()) != 0) {
        WARN("skipped: this user may not mount over /proc in a namespace of its own");
        return;
    }
    ssh_bench b("ForceCommand " + hide + "\"$SSH_ORIGINAL_COMMAND\"");
    CHECK_THAT(b.refusal(),
               Contains("host edge: it lacks /proc: weft looks there for processes; have it mounted"));
}
