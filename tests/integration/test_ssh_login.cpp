// SPDX-License-Identifier: MIT
// Connections and logins to a real sshd, and every way in which they fail.
#include "support/agent.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::agent;
using support::content;
using support::environment_variable;
using bench = support::ssh_bench;

TEST_CASE("each failure to reach a host is one line that names the host and what to do") {
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
    SECTION("a missing key file") {
        b.how.identity = "/no/such/key";
        CHECK_THAT(b.refusal(), Catch::Contains("/no/such/key cannot be read"));
    }
    SECTION("a file that is not a key") {
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
    SECTION("an unknown host key, when ~/.ssh/config disables strict checking") {
        b.server.write("known_hosts", "[127.0.0.1]:1 " + b.server.public_key("host_key"));
        CHECK_THAT(b.refusal(), Catch::Contains("not known"));
    }
    SECTION("no known_hosts file at all") {
        b.how.known_hosts = b.server.file("no such file, 100%");
        CHECK_THAT(b.refusal(), Catch::Contains("add this line to " + b.how.known_hosts));
    }
    SECTION("a server that accepts no keys, or requires more than a key") {
        bench keyless("PubkeyAuthentication no\nPasswordAuthentication yes");
        CHECK_THAT(keyless.refusal(), Catch::Contains("by a key alone"));
        bench twice("AuthenticationMethods publickey,password\nPasswordAuthentication yes");
        CHECK_THAT(twice.refusal(), Catch::Contains("by a key alone"));
    }
    SECTION("a server for another protocol") {
        // It accepts and sends nothing.
        b.how.connect_timeout = 1s;
        const support::silent_server silent;
        b.how.port = silent.port();
        CHECK_THAT(b.refusal(), Catch::Contains("no answer within 1 s"));
    }
    SECTION("a host without a required tool") {
        bench poor("", "PATH=" + b.server.file("bin"));
        fs::create_directories(b.server.file("bin"));
        for (const char* tool : {"sh", "od", "tr", "mkdir", "nproc", "setsid", "grep"})
            fs::create_symlink(fs::path("/usr/bin") / tool, b.server.file("bin") + '/' + tool);
        CHECK_THAT(poor.refusal(), Catch::Contains("it lacks") && Catch::Contains("tar") &&
                                       !Catch::Contains("setsid") && Catch::Contains("install"));
    }
    SECTION("a changed host key") {
        b.server.key("other_key");
        b.server.write("known_hosts", "[127.0.0.1]:" + std::to_string(b.server.port()) + ' ' +
                                          b.server.public_key("other_key"));
        CHECK_THAT(b.refusal(), Catch::Contains("CHANGED") && Catch::Contains("replace line 1 of ") &&
                                    Catch::Contains("known_hosts by: [127.0.0.1]:") &&
                                    Catch::Contains(b.server.public_key("host_key").substr(0, 60)));
    }
    SECTION("a revoked host key") {
        const std::string line = content(b.server.file("known_hosts"));
        b.server.write("known_hosts", line + "@revoked " + line);
        CHECK_THAT(b.refusal(), Catch::Contains("is revoked (line 2 of "));
        // Blanks before the marker, other hosts, and a later line with the same key as known change nothing.
        const std::string key = b.server.public_key("host_key");
        for (const std::string& hosts :
             {std::string("*"), std::string("other.example.org"), std::string("|1|x|y")}) {
            INFO(hosts);
            b.server.write("known_hosts", " \t@revoked\t" + hosts + ' ' + key + line);
            CHECK_THAT(b.refusal(), Catch::Contains("is revoked (line 1 of "));
        }
    }
    SECTION("a revoked key that is not this host's") {
        b.server.key("other_key");
        const std::string line = content(b.server.file("known_hosts"));
        b.server.write("known_hosts", "@revoked * " + b.server.public_key("other_key") + line);
        CHECK(b.refusal() == "");
    }
    SECTION("a host that is known only by a certificate") {
        b.server.key("authority");
        b.server.write("known_hosts", "@cert-authority [127.0.0.1]:* " + b.server.public_key("authority"));
        CHECK_THAT(b.refusal(), Catch::Contains("known only by a certificate (line 1 of ") &&
                                    Catch::Contains("add this line to") &&
                                    Catch::Contains("ssh-ed25519 AAAA"));
    }
    SECTION("a name that does not resolve") {
        b.how.address = "no-such-host.invalid";
        CHECK_THAT(b.refusal(), Catch::Contains("cannot be resolved"));
    }
    SECTION("an address that does not answer") {
        b.how.connect_timeout = 1s;
        const support::deaf_server deaf;
        b.how.port = deaf.port();
        CHECK_THAT(b.refusal(), Catch::Contains("host edge (") && Catch::Contains("no answer within 1 s"));
    }
    SECTION("a scratch base that cannot be written") {
        b.how.scratch = "/proc/nowhere";
        CHECK_THAT(b.refusal(), Catch::Contains("scratch base /proc/nowhere cannot be written"));
    }
    SECTION("a login shell that hangs") {
        bench stuck("ForceCommand cat > /dev/null");
        stuck.how.connect_timeout = 1s;
        CHECK_THAT(stuck.refusal(), Catch::Contains("does not answer"));
    }
}

TEST_CASE("a host key is found in hashed known_hosts and among keys of other types") {
    bench b;
    const std::string line = content(b.server.file("known_hosts"));
    b.server.key("other_key");
    SECTION("hashed") {
        support::run_program({"ssh-keygen", "-H", "-q", "-f", b.server.file("known_hosts")});
        CHECK(b.refusal().empty());
    }
    SECTION("among others, and comments") {
        b.server.write("known_hosts", "# a comment\n\nother.example.org " + b.server.public_key("other_key") +
                                          "*.example.org,[127.0.0.?]:" + line.substr(line.find(':') + 1));
        CHECK(b.refusal().empty());
    }
}

TEST_CASE(
    "an encrypted key is opened by SSH_ASKPASS or the agent, and the message names them when both are "
    "missing") {
    bench b;
    b.server.key("locked_key", "open sesame");
    b.server.write("authorized_keys", b.server.public_key("locked_key"));
    b.how.identity = b.server.file("locked_key");
    b.server.write("askpass",
                   "#!/bin/sh\necho \"$1\" > '" + b.server.file("asked") + "'\necho 'open sesame'\n");
    fs::permissions(b.server.file("askpass"), fs::perms::owner_all);
    const environment_variable no_agent("SSH_AUTH_SOCK", "");
    const environment_variable askpass("SSH_ASKPASS", b.server.file("askpass"));
    const environment_variable require("SSH_ASKPASS_REQUIRE", "force");
    SECTION("askpass, which gets the host and the key") {
        CHECK(b.refusal() == "");
        CHECK_THAT(content(b.server.file("asked")), Catch::Contains("edge") && Catch::Contains("locked_key"));
    }
    SECTION("a wrong passphrase") {
        b.server.write("askpass", "#!/bin/sh\necho wrong\n");
        CHECK_THAT(b.refusal(), Catch::Contains("locked_key cannot be used"));
    }
    SECTION("a key that the host does not accept, for which no passphrase is asked") {
        b.server.write("authorized_keys", b.server.public_key("client_key"));
        CHECK_THAT(b.refusal(), Catch::Contains("does not accept the key"));
        CHECK_FALSE(fs::exists(b.server.file("asked")));
    }
    SECTION("an agent") {
        const agent mine(b.server.file("agent"));
        const environment_variable socket("SSH_AUTH_SOCK", b.server.file("agent"));
        support::run_program({"ssh-add", "-q", b.how.identity});
        fs::remove(b.server.file("asked"));
        CHECK(b.refusal() == "");
        CHECK_FALSE(fs::exists(b.server.file("asked")));
        SECTION("without any identity in the binding") {
            b.how.identity.clear();
            CHECK(b.refusal() == "");
        }
    }
}

TEST_CASE("no .pub file is created for a key without one, however it is used") {
    bench b;
    fs::remove(b.server.file("client_key.pub"));
    CHECK(b.refusal() == "");
    CHECK_FALSE(fs::exists(b.server.file("client_key.pub")));
}
