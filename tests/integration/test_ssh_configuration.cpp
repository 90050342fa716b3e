// SPDX-License-Identifier: MIT
// The user's ssh configuration applies, as `ssh -G` prints it; tested with real servers as hops.
#include "support/own_ssh.hpp"
#include "support/ssh_bench.hpp"

#include <weft/ssh/configuration.hpp>

#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Catch::Contains;
using support::content;

namespace {

struct configured_bench : support::ssh_bench {
    support::own_ssh ssh{server};

    explicit configured_bench(const std::string& extra = {}) : ssh_bench(extra) {}
    void configure(const std::string& text) const { ssh.configure(text); }
};

/// A block of the configuration for a server.
std::string block(const std::string& name, const support::sshd& server, const std::string& known_hosts) {
    return "Host " + name + "\n  HostName " + server.address() + "\n  Port " + std::to_string(server.port()) +
           "\n  IdentityFile " + server.file("client_key") + "\n  UserKnownHostsFile " + known_hosts + '\n';
}

}  // namespace

TEST_CASE("a name, a port, a user, keys, ciphers and a ProxyCommand come from the configuration") {
    configured_bench b("Ciphers aes256-ctr,aes128-ctr");
    b.how.address = "alias";
    b.how.port = 0;
    b.how.user.clear();
    b.how.identity.clear();
    b.how.deadline = 1s;  // a connection that a proxy ends is tried again
    const std::string all = block("alias", b.server, b.server.file("known_hosts"));
    b.configure(all + "  User " + support::sshd::user() + '\n');
    CHECK(b.refusal() == "");
    b.configure(all + "  User nobody-here\n");
    CHECK_THAT(b.refusal(), Contains("nobody-here@"));
    b.configure(all + "  Ciphers aes256-ctr\n  Compression yes\n  RekeyLimit 1G 1h\n");
    CHECK(b.refusal() == "");
    b.configure(all + "  Ciphers aes256-gcm@openssh.com\n");
    CHECK_THAT(b.refusal(), Contains("client [aes256-gcm@openssh.com]"));
    b.configure(all + "  ProxyCommand /bin/sh -c 'echo %h %p >" + b.server.file("through") +
                "; exec nc %h %p'\n");
    const bool has_netcat = std::system("command -v nc >/dev/null 2>&1") == 0;
    CHECK((b.refusal() == "") == has_netcat);
    CHECK(content(b.server.file("through")) ==
          b.server.address() + ' ' + std::to_string(b.server.port()) + '\n');
}

TEST_CASE("a ProxyCommand that ignores SIGTERM does not keep a run from ending") {
    configured_bench b;
    b.how.address = "alias";
    b.how.port = 0;
    b.configure(block("alias", b.server, b.server.file("known_hosts")) +
                "  ProxyCommand /bin/sh -c 'trap : TERM; echo $$ >" + b.server.file("proxy") +
                "; busybox nc %h %p; while :; do sleep 1; done'\n");
    const auto start = std::chrono::steady_clock::now();
    CHECK(b.refusal() == "");
    CHECK(std::chrono::steady_clock::now() - start < 60s);
    ::kill(std::atoi(content(b.server.file("proxy")).c_str()), SIGKILL);
}

TEST_CASE("jump hosts lead to a host, and the key of each is checked whatever is configured") {
    configured_bench b;
    const support::sshd first({}, 2);
    const support::sshd second({}, 3);
    b.how.address = "alias";
    b.how.port = 0;
    b.how.identity.clear();
    b.how.deadline = 1s;  // a connection that a proxy ends is tried again
    const int hops = GENERATE(1, 2);
    CAPTURE(hops);
    const std::string jumps = hops == 1 ? "second" : "first,second";
    const auto with = [&](const std::string& of_first, const std::string& of_second) {
        b.configure(block("alias", b.server, b.server.file("known_hosts")) + "  ProxyJump " + jumps + '\n' +
                    block("first", first, of_first) + block("second", second, of_second) +
                    "Host *\n  StrictHostKeyChecking no\n");
    };
    with(first.file("known_hosts"), second.file("known_hosts"));
    CHECK(b.refusal() == "");
    CHECK_THAT(second.log(), Contains("Accepted publickey"));
    if (hops == 2) CHECK_THAT(first.log(), Contains("Accepted publickey"));
    // An unknown key is never added, neither the first hop's nor the second's.
    const std::string nothing = b.server.file("nothing");
    for (const bool is_first : {true, false}) {
        if (is_first && hops == 1) continue;
        with(is_first ? nothing : first.file("known_hosts"), is_first ? second.file("known_hosts") : nothing);
        CHECK_THAT(b.refusal(), Contains("cannot connect"));
        CHECK_FALSE(fs::exists(nothing));
    }
}

TEST_CASE("a configuration that is a fifo does not block, and is reported") {
    configured_bench b;
    REQUIRE(::mkfifo(b.ssh.configuration.c_str(), 0600) == 0);
    b.how.connect_timeout = 300ms;
    CHECK_THAT(b.refusal(), Contains("did not print the ssh configuration in time"));
}

TEST_CASE("the words of jump hosts become options and no more") {
    using weft::ssh::jump_command;
    const auto end_of = [](const std::string& command) { return command.substr(command.find("-W")); };
    CHECK(end_of(jump_command("gate")) == "-W '[%h]:%p' -- gate");
    CHECK(end_of(jump_command("me@gate:22")) == "-W '[%h]:%p' -l me -p 22 -- gate");
    CHECK(end_of(jump_command("a@b@[::1]:2222")) == "-W '[%h]:%p' -l a@b -p 2222 -- ::1");
    CHECK(end_of(jump_command("fe80::1")) == "-W '[%h]:%p' -- fe80::1");
    CHECK(end_of(jump_command("-oX=$(x)")) == "-W '[%h]:%p' -- '-oX=$(x)'");
    CHECK_THAT(jump_command("a,b"), Contains("ProxyCommand=ssh") && Contains("[%%h]:%%p"));
}
