// SPDX-License-Identifier: MIT
// Which keys are tried, and in which order, with a real agent and the real `ssh` for the configuration.
#include <weft/ssh/agent.hpp>
#include <weft/ssh/configuration.hpp>
#include <weft/ssh/interruption.hpp>

#include "support/agent.hpp"
#include "support/loopback.hpp"
#include "support/own_ssh.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <iterator>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::agent;
using support::content;
using support::environment_variable;

namespace {

/// A server that allows three tries, an agent with keys that it does not accept, and an `ssh` in the PATH
/// that reads a test's configuration instead of the user's.
struct keys_bench : support::ssh_bench {
    support::own_ssh ssh{server};
    agent mine{server.file("agent")};
    environment_variable socket{"SSH_AUTH_SOCK", server.file("agent")};

    keys_bench() : ssh_bench("MaxAuthTries 3") {
        how.identity.clear();
        configure("IdentityFile " + server.file("client_key") + '\n');
    }

    void configure(const std::string& text) const { ssh.configure("Host *\n" + text); }

    void add(const std::string& key) const { support::run_program({"ssh-add", "-q", server.file(key)}); }
    void add_strangers(int count) const {
        for (int i = 0; i < count; ++i) {
            server.key("stranger_" + std::to_string(i));
            add("stranger_" + std::to_string(i));
        }
    }
};

long open_descriptors() {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
}

}  // namespace

TEST_CASE("of an agent with many keys, those that the configuration names are tried first") {
    keys_bench b;
    b.add_strangers(8);
    b.add("client_key");
    SECTION("by their private half") {
        CHECK(b.refusal() == "");
    }
    SECTION("by their public half, where there is no private one") {
        fs::remove(b.server.file("client_key"));
        b.configure("IdentityFile " + b.server.file("client_key.pub") + '\n');
        CHECK(b.refusal() == "");
    }
    SECTION("with tokens in the name") {
        b.configure("IdentityFile " + b.server.file("") + "%%no_key\nIdentityFile " +
                    b.server.file("client_") + "k%%ey\n");
        fs::copy_file(b.server.file("client_key.pub"), b.server.file("client_k%ey.pub"));
        CHECK(b.refusal() == "");
    }
    SECTION("and no others, with IdentitiesOnly") {
        b.configure("IdentitiesOnly yes\nIdentityFile " + b.server.file("stranger_7") + '\n');
        CHECK_THAT(b.refusal(), Catch::Contains("it accepts none of the agent's keys"));
        b.configure("IdentitiesOnly yes\nIdentityFile " + b.server.file("client_key") + '\n');
        CHECK(b.refusal() == "");
    }
    SECTION("otherwise the host ends the login with a message") {
        b.configure("IdentityFile " + b.server.file("stranger_7") + '\n');
        CHECK_THAT(b.refusal(), Catch::Contains("it ended the login (") &&
                                    Catch::Contains("Too many authentication failures") &&
                                    Catch::Contains("weft had 9 keys to try") &&
                                    Catch::Contains("--identity"));
    }
    SECTION("an identity of the binding is the only one") {
        b.how.identity = b.server.file("client_key.pub");
        CHECK(b.refusal() == "");
        b.server.key("stranger");
        b.how.identity = b.server.file("stranger");
        CHECK_THAT(b.refusal(), Catch::Contains("does not accept the key"));
    }
}

TEST_CASE("a key that is only in a file is tried after the agent's, and reading a key file never blocks") {
    keys_bench b;
    b.add_strangers(1);
    CHECK(b.refusal() == "");
    SECTION("a public key that the agent does not have") {
        b.how.identity = b.server.file("client_key.pub");
        CHECK_THAT(b.refusal(), Catch::Contains("client_key.pub cannot be used") &&
                                    Catch::Contains("the agent must hold the private one"));
        b.how.identity.clear();
        b.configure("IdentityFile " + b.server.file("client_key.pub") + '\n');
        CHECK_THAT(b.refusal(), Catch::Contains("and none of ") && Catch::Contains("client_key.pub"));
    }
    SECTION("a fifo") {
        const std::string fifo = b.server.file("fifo");
        REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
        b.configure("IdentityFile " + fifo + '\n');
        CHECK_THAT(b.refusal(), Catch::Contains("it accepts none of the agent's keys:"));
        b.how.identity = fifo;
        CHECK_THAT(b.refusal(), Catch::Contains(fifo + " cannot be read: it is not a regular file"));
    }
}

TEST_CASE("a configuration that ssh rejects, or does not print in time, is reported as such") {
    keys_bench b;
    SECTION("rejected") {
        b.configure("PortNumber 22\n");
        CHECK_THAT(b.refusal(), Catch::Contains("host edge: the ssh program rejects its configuration: ") &&
                                    Catch::Contains("ssh_config") && Catch::Contains("line 2") &&
                                    Catch::Contains("portnumber"));
    }
    SECTION("not in time") {
        b.server.write("ssh_config", "Match exec \"sleep 1000\"\nUser nobody\n");
        b.how.connect_timeout = 300ms;
        CHECK_THAT(b.refusal(), Catch::Contains("did not print the ssh configuration in time"));
    }
    SECTION("no ssh program at all") {
        fs::remove(b.ssh.bin + "/ssh");
        const environment_variable path("PATH", b.ssh.bin);
        b.how.identity = b.server.file("client_key");
        CHECK(b.refusal() == "");
    }
}

TEST_CASE("the configuration names known_hosts files and an alias for the host's key") {
    keys_bench b;
    b.how.known_hosts.clear();
    const std::string key = b.server.public_key("host_key");
    b.server.write("first", "");
    b.server.write("the second", "boards " + key);
    b.configure("IdentityFile " + b.server.file("client_key") + "\nHostKeyAlias Boards\nUserKnownHostsFile " +
                b.server.file("first") + " \"" + b.server.file("the second") + "\"\n");
    CHECK(b.refusal() == "");
    b.server.write("the second", "other " + key);
    CHECK_THAT(b.refusal(), Catch::Contains("then add this line to " + b.server.file("first") +
                                            ": boards ssh-ed25519 AAAA"));
}

TEST_CASE("an agent that does not answer is given up") {
    const support::temporary_directory home;
    const std::string path = (home.path() / "agent").string();
    const weft::os::descriptor silent(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    REQUIRE(::bind(silent.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(silent.get(), 1) == 0);
    weft::ssh::interruption stop;
    weft::ssh::agent agent(path, stop, 50ms);
    CHECK_FALSE(agent.answers());
    CHECK(agent.identities().empty());
    const weft::ssh::agent none((home.path() / "none").string(), stop, 50ms);
    CHECK(none.answers());
}

TEST_CASE("failed connections leak no descriptor") {
    keys_bench b;
    b.add_strangers(1);
    const auto refuse = [&] {
        b.how.identity.clear();
        b.configure("IdentityFile none\n");
        CHECK(b.refusal() != "");  // fails at the login
        b.how.identity = b.server.file("client_key");
        b.how.port = support::free_port();
        CHECK(b.refusal() != "");  // fails at the connection
        b.how.port = b.server.port();
        CHECK(b.refusal() == "");
    };
    refuse();
    const long before = open_descriptors();
    refuse();
    CHECK(open_descriptors() == before);
}
