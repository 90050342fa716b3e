// SPDX-License-Identifier: MIT
#include <weft/cli/bindings.hpp>
#include <weft/cli/hosts_file.hpp>
#include <weft/launch/bindings_now.hpp>
#include <weft/launch/run_plan.hpp>

#include "support/plan_builder.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace weft;
using namespace std::chrono_literals;

namespace {

/// A workflow with the hosts `edge` and `workers`, and a place for a hosts file.
struct bench {
    support::plan_builder plan;
    support::temporary_directory directory;
    std::string file = (directory.path() / "hosts.toml").string();

    bench() {
        plan.host("edge");
        plan.host("workers");
    }
    std::vector<host_binding> bind(const cli::host_flags& flags) {
        return cli::bind_hosts(plan.view(), flags);
    }

    std::vector<host_binding> read(const std::string& content) {
        write(content);
        return cli::read_hosts_file(file);
    }
    void write(const std::string& content) { std::ofstream(file) << content; }

    /// The error message for wrong options, without the file's name.
    std::string refusal(const cli::host_flags& flags) {
        try {
            bind(flags);
        } catch (const options_error& error) {
            return without_name(error.what());
        }
        return "accepted";
    }
    std::string refusal_of_file(const std::string& content) {
        try {
            read(content);
        } catch (const options_error& error) {
            return without_name(error.what());
        }
        return "accepted";
    }
    std::string without_name(std::string text) const {
        if (text.starts_with(file)) text.erase(0, file.size());
        return text;
    }
};

std::string refusal_of_address(const std::string& text) {
    try {
        cli::parse_address(text);
    } catch (const options_error& error) {
        return error.what();
    }
    return "accepted";
}

void check_address(const std::string& text, const std::string& user, const std::string& address, int port) {
    INFO(text);
    const ssh_host how = cli::parse_address(text);
    CHECK(how.user == user);
    CHECK(how.address == address);
    CHECK(how.port == port);
}

}  // namespace

TEST_CASE("an address is [user@]address[:port]") {
    check_address("192.0.2.10", "", "192.0.2.10", 0);
    check_address("alice@example.org:2222", "alice", "example.org", 2222);
    check_address("alice@corp.example@gate", "alice@corp.example", "gate", 0);
    check_address("[2001:db8::1]:22", "", "2001:db8::1", 22);
    check_address("alice@[::1]", "alice", "::1", 0);
    check_address("2001:db8::1", "", "2001:db8::1", 0);
}

TEST_CASE("an invalid address is rejected with the reason") {
    const std::string end = "; write [user@]address[:port]";
    CHECK(refusal_of_address("") == "'' is not an address: the address is empty" + end);
    CHECK(refusal_of_address("alice@") == "'alice@' is not an address: the address is empty" + end);
    CHECK(refusal_of_address("@gate") == "'@gate' is not an address: the user is empty" + end);
    CHECK(refusal_of_address("[::1") == "'[::1' is not an address: a bracket is not closed" + end);
    CHECK(refusal_of_address("[::1]x") == "'[::1]x' is not an address: something follows the bracket" + end);
    CHECK(refusal_of_address("-oProxyCommand=x") ==
          "'-oProxyCommand=x' is not an address: an address does not start with '-'" + end);
    for (const char* port : {"0", "65536", "x", "", "22x", "-1"})
        CHECK(refusal_of_address(std::string("gate:") + port) ==
              std::string("'gate:") + port +
                  "' is not an address: the port must be a number from 1 to 65535" + end);
}

TEST_CASE("options bind hosts by name, files without a name apply to all") {
    bench b;
    const auto bindings = b.bind({.file = {},
                                  .addresses = {"edge=alice@192.0.2.10", "workers=w1", "workers=w2:23"},
                                  .identities = {"edge=edge_key", "other_key"},
                                  .known_hosts = {"/known"}});
    REQUIRE(bindings.size() == 3);
    CHECK(bindings[0].name == "edge");
    CHECK(bindings[0].host.user == "alice");
    CHECK(bindings[0].host.identity == "edge_key");
    CHECK(bindings[1].name == "workers");
    CHECK(bindings[1].host.address == "w1");
    CHECK(bindings[1].host.identity == "other_key");
    CHECK(bindings[2].host.port == 23);
    CHECK(bindings[2].host.known_hosts == "/known");
}

TEST_CASE("a key applies to a host without a binding, with its alias in ~/.ssh/config") {
    bench b;
    const auto bindings =
        b.bind({.file = {}, .addresses = {}, .identities = {"edge=key"}, .known_hosts = {}});
    REQUIRE(bindings.size() == 1);
    CHECK(bindings[0].host.address.empty());
    CHECK(bindings[0].host.identity == "key");
    CHECK(b.bind({}).empty());
}

TEST_CASE("a binding of an undeclared host is rejected") {
    bench b;
    CHECK(b.refusal({.file = {}, .addresses = {"egde=x"}, .identities = {}, .known_hosts = {}}) ==
          "--host egde=x: workflow 'test' has no host 'egde'; did you mean 'edge'?");
    CHECK(b.refusal({.file = {}, .addresses = {"gateway=x"}, .identities = {}, .known_hosts = {}}) ==
          "--host gateway=x: workflow 'test' has no host 'gateway' (it has: edge, workers)");
    CHECK(b.refusal({.file = {}, .addresses = {"alice@gate"}, .identities = {}, .known_hosts = {}}) ==
          "--host alice@gate: the host's name is missing; write --host edge=[user@]address[:port]");
    CHECK(b.refusal({.file = {}, .addresses = {}, .identities = {"wrokers=x"}, .known_hosts = {}}) ==
          "--identity wrokers=x: workflow 'test' has no host 'wrokers'; did you mean 'workers'?");
    CHECK(b.refusal({.file = {}, .addresses = {}, .identities = {}, .known_hosts = {"edge="}}) ==
          "--known-hosts edge=: the file's name is missing");
}

TEST_CASE("a hosts file supports every field of a binding, and its paths are relative to it") {
    bench b;
    const auto bindings = b.read(R"(
        [edge]
        address = "192.0.2.10"
        user = "alice"
        port = 2222
        identity = "keys/id"
        known_hosts = "/etc/known"
        scratch = "/scratch/alice"
        slots = 4
        memory = "16GiB"
        connect_timeout = 3

        [[workers]]
        address = "w1"
        identity = "~/.ssh/id"
        [[workers]]
        address = "w2"
    )");
    REQUIRE(bindings.size() == 3);
    const ssh_host& edge = bindings[0].host;
    CHECK(bindings[0].name == "edge");
    CHECK(edge.address == "192.0.2.10");
    CHECK(edge.user == "alice");
    CHECK(edge.port == 2222);
    CHECK(edge.identity == (b.directory.path() / "keys/id").string());
    CHECK(edge.known_hosts == "/etc/known");
    CHECK(edge.scratch == "/scratch/alice");
    CHECK(edge.slots == 4);
    CHECK(edge.memory == 16ull << 30);
    CHECK(edge.connect_timeout == 3s);
    CHECK(bindings[1].name == "workers");
    CHECK(bindings[1].host.identity == "~/.ssh/id");
    CHECK(bindings[2].host.address == "w2");
}

TEST_CASE("a hosts file lists machines that differ only in their address") {
    bench b;
    const auto bindings = b.read(R"(
        workers = ["alice@w1", "[2001:db8::1]:23"]
        [edge]
        user = "bob"
        port = 2222
        slots = 3
        address = ["e1", "carol@e2:24"]
    )");
    REQUIRE(bindings.size() == 4);
    const auto of = [&](std::size_t i) {
        const ssh_host& how = bindings[i].host;
        return bindings[i].name + ' ' + how.user + '@' + how.address + ' ' + std::to_string(how.port) + ' ' +
               std::to_string(how.slots);
    };
    CHECK(of(0) == "edge bob@e1 2222 3");
    CHECK(of(1) == "edge carol@e2 24 3");
    CHECK(of(2) == "workers alice@w1 0 0");
    CHECK(of(3) == "workers @2001:db8::1 23 0");
    CHECK(b.refusal_of_file("edge = []\n") ==
          ":1:8: host 'edge': the list of addresses is empty: give at least one");
    CHECK(b.refusal_of_file("edge = [\"a\", 5]\n") ==
          ":1:14: host 'edge': an address must be text in quotes");
    CHECK(b.refusal_of_file("[edge]\naddress = [\"a:x\"]\n") ==
          ":2:12: host 'edge': 'a:x' is not an address: the port must be a number from 1 to 65535; write "
          "[user@]address[:port]");
}

TEST_CASE("an address has the same syntax alone, in a list and on the command line") {
    bench b;
    for (const std::string address :
         {"192.0.2.10", "alice@gate:2222", "[2001:db8::1]:23", "bob@[::1]", "2001:db8::1", "alias", "gate:0",
          "gate:x", "@gate", "-oProxyCommand=x", "[::1", ""}) {
        INFO(address);
        const auto said = [&](const std::vector<host_binding>& found) {
            REQUIRE(found.size() == 1);
            const ssh_host& how = found.front().host;
            return how.user + ' ' + how.address + ' ' + std::to_string(how.port) + ' ' +
                   std::to_string(how.slots);
        };
        const auto read = [&](const std::string& table) -> std::string {
            try {
                return said(b.read(table));
            } catch (const options_error& error) {
                const std::string text = error.what();
                return text.substr(text.find("'" + address + "' is not"));
            }
        };
        const auto typed = [&]() -> std::string {
            try {
                b.write("[edge]\nuser = \"carol\"\nport = 99\nslots = 3\n");
                return said(b.bind(
                    {.file = b.file, .addresses = {"edge=" + address}, .identities = {}, .known_hosts = {}}));
            } catch (const options_error& error) {
                const std::string text = error.what();
                return text.substr(text.find("'" + address + "' is not"));
            }
        };
        const std::string rest = "user = \"carol\"\nport = 99\nslots = 3\n";
        const std::string alone = read("[edge]\naddress = \"" + address + "\"\n" + rest);
        CHECK(alone == read("[edge]\n" + rest + "address = [\"" + address + "\"]\n"));
        CHECK(alone == typed());
    }
}

TEST_CASE("bindings given to a command on a past run change its machines, or replace them") {
    ssh_host first;
    first.address = "w1";
    first.identity = "/old";
    first.scratch = "/scratch";
    ssh_host second = first;
    second.address = "w2";
    const std::vector<host_binding> past{{"workers", first}, {"workers", second}, {"edge", first}};
    ssh_host key;
    key.identity = "/new";
    auto now = launch::bindings_now({{"workers", key}}, past);
    REQUIRE(now.size() == 3);
    CHECK(now[0].host.address == "w1");
    CHECK(now[0].host.identity == "/new");
    CHECK(now[0].host.scratch == "/scratch");
    CHECK(now[1].host.address == "w2");
    CHECK(now[1].host.identity == "/new");
    CHECK(now[2].host.identity == "/old");
    key.address = "w3";
    now = launch::bindings_now({{"workers", key}}, past);
    REQUIRE(now.size() == 2);
    CHECK(now[0].host.address == "w3");
    CHECK(now[0].host.scratch == "/scratch");
    CHECK(now[1].name == "edge");
    key.address.clear();
    now = launch::bindings_now({{"new", key}}, past);
    REQUIRE(now.size() == 4);
    CHECK(now[0].name == "new");
}

TEST_CASE("a machine from the command line inherits the hosts file's keys for it, or for its host") {
    bench b;
    b.write("[[workers]]\naddress = \"w1\"\nslots = 1\n[[workers]]\naddress = \"w2\"\nslots = 2\n[edge]\n");
    const auto bindings = b.bind(
        {.file = b.file, .addresses = {"workers=w2", "workers=w3"}, .identities = {}, .known_hosts = {}});
    REQUIRE(bindings.size() == 3);
    CHECK(bindings[1].host.address == "w2");
    CHECK(bindings[1].host.slots == 2);
    CHECK(bindings[2].host.address == "w3");
    CHECK(bindings[2].host.slots == 1);
}

TEST_CASE("the command line overrides the hosts file") {
    bench b;
    b.write(
        "[edge]\naddress = \"old\"\nuser = \"alice\"\nslots = 2\nidentity = \"/old\"\n"
        "[[workers]]\naddress = \"w1\"\n[[workers]]\naddress = \"w2\"\n[another_workflows_host]\n");
    const auto bindings = b.bind({.file = b.file,
                                  .addresses = {"edge=new:23", "workers=w3"},
                                  .identities = {"edge=/new"},
                                  .known_hosts = {}});
    REQUIRE(bindings.size() == 2);
    CHECK(bindings[0].host.address == "new");
    CHECK(bindings[0].host.user == "alice");
    CHECK(bindings[0].host.port == 23);
    CHECK(bindings[0].host.slots == 2);
    CHECK(bindings[0].host.identity == "/new");
    CHECK(bindings[1].host.address == "w3");
}

TEST_CASE("a mistake in a hosts file is reported with line and column") {
    bench b;
    CHECK(b.refusal_of_file("[edge]\naddres = \"x\"\n") ==
          ":2:1: host 'edge': unknown key 'addres'; did you mean address?");
    CHECK(
        b.refusal_of_file("[edge]\n  password = \"x\"\n") ==
        ":2:3: host 'edge': unknown key 'password'; allowed are address, user, port, identity, known_hosts, "
        "scratch, slots, memory, connect_timeout");
    CHECK(b.refusal_of_file("[edge]\nmemory = \"much\"\n") ==
          ":2:10: host 'edge': 'memory' must be a size such as \"16GiB\"");
    CHECK(b.refusal_of_file("[edge]\nport = 70000\n") ==
          ":2:8: host 'edge': 'port' must be a whole number from 1 to 65535");
    CHECK(b.refusal_of_file("[edge]\nport = \"22\"\n") ==
          ":2:8: host 'edge': 'port' must be a whole number from 1 to 65535");
    CHECK(b.refusal_of_file("[edge]\naddress = 5\n") ==
          ":2:11: host 'edge': an address must be text in quotes");
    CHECK(b.refusal_of_file("[edge]\nscratch = \"tmp\"\n") ==
          ":2:11: host 'edge': 'scratch' must be an absolute path on the host, not 'tmp'");
    CHECK(b.refusal_of_file("[edge]\nidentity = \"\"\n") == ":2:12: host 'edge': 'identity' is empty");
    CHECK(b.refusal_of_file("address = \"x\"\n") ==
          ":1:11: 'address' is not a host's table: write [name] and its keys below it");
    CHECK(b.refusal_of_file("edge = [1]\n") ==
          ":1:9: 'edge' is not a host's table: write [name] and its keys below it");
    CHECK(b.refusal_of_file("[edge\n").starts_with(":1:"));
    CHECK(b.refusal_of_file("[edge]\n[edge]\n").starts_with(":2:"));
    CHECK(b.refusal_of_file("[edge]\naddress = \u00e9\n") ==
          ":2:11: only quoted text and comments may contain letters that are not ASCII");
    CHECK(b.refusal_of_file("# \u00e9\n[edge]\nuser = \"\u00e9\\\"\u00e9\" # \u00e9\n[workers]\n") ==
          "accepted");
    CHECK(b.refusal_of_file("[edge]\nuser = \"\"\"a\n\u00e9\"\"\"\n") ==
          ":2:8: multi-line strings are not supported here: write the text in one pair of quotes");
}

TEST_CASE("a hosts file that does not exist, or is a directory, is reported by name") {
    bench b;
    const auto refusal = [](const std::string& file) -> std::string {
        try {
            cli::read_hosts_file(file);
        } catch (const options_error& error) {
            return error.what();
        }
        return "accepted";
    };
    CHECK(refusal(b.file) == b.file + ": there is no such hosts file");
    CHECK(refusal(b.directory.path().string()) ==
          b.directory.path().string() + ": it is a directory, not a hosts file");
}

TEST_CASE("a misspelled host in a hosts file is reported if the workflow's host is not bound") {
    bench b;
    b.write("[egde]\n[workers]\n");
    CHECK(
        b.refusal({.file = b.file, .addresses = {}, .identities = {}, .known_hosts = {}}) ==
        ": workflow 'test' has no host 'egde', and its host 'edge' is not in the file; did you mean [edge]?");
    b.write("[egde]\n[edge]\n[workers]\n");
    CHECK(b.refusal({.file = b.file, .addresses = {}, .identities = {}, .known_hosts = {}}) == "accepted");
}
