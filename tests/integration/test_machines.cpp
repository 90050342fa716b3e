// SPDX-License-Identifier: MIT
// One host name for several machines, each a real sshd with its own address.
#include <weft/weft.hpp>

#include "support/content.hpp"
#include "support/eventually.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

using namespace weft;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;

namespace {

/// Machines of the host `workers`, from 127.0.0.2 on, with one slot each.
struct bench {
    support::temporary_directory base;
    std::deque<support::sshd> servers;
    options how;

    explicit bench(unsigned machines) {
        for (unsigned i = 0; i < machines; ++i) bind(servers.emplace_back("", i + 2).binding());
        how.scratch = (base.path() / "here").string();
    }
    report run(const auto& flow) const { return weft::run(flow, how); }

    /// The same for a workflow with the directory of the test as a parameter.
    report run_with_base(const auto& flow) {
        how.parameters = {{"base", base.path().string()}};
        return run(flow);
    }
    ssh_host& bind(ssh_host machine) {
        machine.scratch = (base.path() / machine.address).string();
        machine.slots = 1;
        return how.hosts.emplace_back(host_binding{"workers", machine}).host;
    }
};

void require_ok(const report& result) {
    for (const task_report& task : result.tasks) {
        INFO(task.name << ": " << task.reason << "\n" << task.stderr_tail);
        CHECK(task.status == task_state::finished);
    }
    REQUIRE(result.ok());
}

/// Records the address and the tasks that ran at the same time. The last to arrive releases all.
#define MEET                                                               \
    "set -- $SSH_CONNECTION; echo $3 > where; touch {{base}}/$WEFT_TASK; " \
    "until [ -e {{base}}/A -a -e {{base}}/B -a -e {{base}}/C ]; do sleep 0.02; done"
#define FOLLOW(task) "set -- $SSH_CONNECTION; echo $3 | cmp - workflow:///" task "/where"

constexpr auto three = workflow<"three">(
    host<"workers">, param<"base", std::string>, task<"A">(sh<MEET>) | on<"workers">,
    task<"B">(sh<MEET>) | on<"workers">, task<"C">(sh<MEET>) | on<"workers">,
    task<"after_A">(sh<FOLLOW("A")>) | on<"workers">, task<"after_B">(sh<FOLLOW("B")>) | on<"workers">,
    task<"after_C">(sh<FOLLOW("C")>) | on<"workers">);

constexpr auto chain = workflow<"chain">(host<"workers">, task<"A">(sh<"echo a > f">) | on<"workers">,
                                         task<"B">(sh<"cat workflow:///A/f > g">) | on<"workers">,
                                         task<"C">(sh<"cat workflow:///B/g">));

}  // namespace

TEST_CASE("tasks of a host with three machines run on all of them at once, and where their inputs are") {
    bench b(3);
    const report result = b.run_with_base(three);
    require_ok(result);
    std::set<std::string> used;
    for (const char* name : {"A", "B", "C"}) used.insert(result[name].host);
    CHECK(used == std::set<std::string>{"workers@127.0.0.2", "workers@127.0.0.3", "workers@127.0.0.4"});
}

TEST_CASE("a machine that refuses, or does not answer, delays no task of its host") {
    bench b(1);
    ssh_host silent = b.servers[0].binding();
    support::silent_server server;
    silent.address = "127.0.0.1";
    silent.port = server.port();
    silent.connect_timeout = 100s;
    b.bind(silent);
    silent.port = support::free_port();
    b.bind(silent);
    const report result = b.run(chain);
    require_ok(result);
    CHECK(result["A"].host == "workers@127.0.0.2");
    CHECK(result.elapsed < 50s);
}

TEST_CASE("a task on a machine that went away is tried again on another") {
    constexpr auto flow = workflow<"away">(
        host<"workers">, param<"base", std::string>,
        task<"A">(sh<"if [ $WEFT_ATTEMPT = 1 ]; then set -- $SSH_CONNECTION; echo $3 > {{base}}/part; "
                     "mv {{base}}/part {{base}}/where; sleep 1000; fi">) |
            on<"workers"> | retry(1, 1ms));
    bench b(2);
    b.how.host_deadline = 1s;
    std::string first;
    std::jthread cutter([&](const std::stop_token& over) {
        support::eventually([&] { return fs::exists(b.base.path() / "where") || over.stop_requested(); });
        first = content(b.base.path() / "where");
        for (support::sshd& server : b.servers)
            if (first == server.address() + '\n') server.stop();
    });
    const report result = b.run_with_base(flow);
    cutter.request_stop();
    cutter.join();
    require_ok(result);
    CHECK(result["A"].attempts == 2);
    CHECK(result["A"].host + '\n' != "workers@" + first);
}

TEST_CASE("a machine that is bound twice to a name is an error") {
    bench b(1);
    b.how.hosts.push_back(b.how.hosts.front());
    CHECK_THROWS_WITH(b.run(chain), "host 'workers' has the machine '127.0.0.2' twice");
}

TEST_CASE("tasks share the memory of this machine, and one that needs more than it has fails at once") {
    constexpr auto flow = workflow<"memory">(
        param<"base", std::string>,
        task<"A">(sh<"mkdir {{base}}/lock; sleep 0.1; rmdir {{base}}/lock">) | memory(600_MiB),
        task<"B">(sh<"mkdir {{base}}/lock; sleep 0.1; rmdir {{base}}/lock">) | memory(600_MiB),
        task<"C">(sh<"true">) | memory(2_GiB) | after<"A">);
    bench b(0);
    b.how.memory = std::uint64_t{1} << 30;
    b.how.jobs = 3;
    const report result = b.run_with_base(flow);
    CHECK(result["A"].status == task_state::finished);
    CHECK(result["B"].status == task_state::finished);
    CHECK(result["C"].reason == "it needs 2 GiB of memory, and this machine has 1 GiB");
}
