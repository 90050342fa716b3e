// SPDX-License-Identifier: MIT
// machines [MACHINES [TASKS]]: many concurrent SSH hosts, each a real sshd with its own loopback address.
// First TASKS of `true` on each of as many hosts, then one name for all machines: tasks placed at their
// inputs, compared with the same tasks placed in turn.
#include "support/plan_builder.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <weft/launch/run_plan.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>

namespace {

using steady = std::chrono::steady_clock;
constexpr unsigned slots = 2;
constexpr unsigned readers = 4;
constexpr double mebibytes = 4;

/// The raw data of the figures.
struct watcher : weft::engine::observer {
    steady::time_point start = steady::now();
    double first_open = 0, last_open = 0;
    std::map<std::string, int> running;
    std::map<std::string, weft::task_state> was;
    int most_at_once = 0;
    int moved = 0;

    void host_opened(std::string_view, std::chrono::nanoseconds took) override {
        const double seconds = std::chrono::duration<double>(took).count();
        if (first_open == 0) first_open = seconds;
        last_open = std::max(last_open, seconds);
    }
    void task_changed(const weft::task_report& row, weft::task_state now) override {
        if (now == weft::task_state::running) most_at_once = std::max(most_at_once, ++running[row.host]);
        if (std::exchange(was[row.name], now) == weft::task_state::running) --running[row.host];
    }
    void staged(std::string_view, std::string_view, std::string_view, std::string_view, std::string_view,
                std::chrono::nanoseconds) override {
        ++moved;
    }
};

struct cluster {
    support::temporary_directory base;
    std::deque<support::sshd> servers;

    explicit cluster(unsigned machines) {
        for (unsigned i = 0; i < machines; ++i) servers.emplace_back("MaxStartups 100\n", i + 2);
    }
    weft::host_binding binding(std::size_t machine, std::string name) const {
        weft::ssh_host how = servers[machine].binding();
        how.scratch = (base.path() / how.address).string();
        how.slots = slots;
        return {std::move(name), how};
    }
    double run(support::plan_builder& plan, const std::vector<weft::host_binding>& hosts,
               watcher& events) const {
        weft::options how;
        how.hosts = hosts;
        how.scratch = (base.path() / "here").string();
        weft::engine::observer* const listener = &events;
        events.start = steady::now();
        const weft::report result = weft::run_plan(plan.view(), how, {&listener, 1});
        for (const weft::task_report& task : result.tasks)
            if (task.status != weft::task_state::finished) {
                std::fprintf(stderr, "machines: %s: %s\n", task.name.c_str(), task.reason.c_str());
                std::exit(1);
            }
        return std::chrono::duration<double>(result.elapsed).count();
    }
};

void many_hosts(const cluster& all, unsigned tasks, bool with_silent) {
    support::plan_builder plan;
    std::vector<weft::host_binding> hosts;
    for (std::size_t machine = 0; machine < all.servers.size(); ++machine) {
        const std::string name = "host" + std::to_string(machine);
        const auto host = plan.host(name);
        hosts.push_back(all.binding(machine, name));
        for (unsigned i = 0; i < tasks; ++i) plan.task(name + '-' + std::to_string(i), host).command("true");
    }
    const support::silent_server silent;
    if (with_silent) {
        // The first host has a second machine, which accepts the connection and sends nothing.
        weft::host_binding second = all.binding(0, "host0");
        second.host.address = "127.0.0.1";
        second.host.port = silent.port();
        hosts.push_back(second);
    }
    watcher events;
    const double seconds = all.run(plan, hosts, events);
    std::printf("| %zu hosts%s | %.2f | %.2f | %.2f | %u | %d | %.2f |\n", all.servers.size(),
                with_silent ? ", a silent machine beside them" : "", events.first_open, events.last_open,
                seconds, slots, events.most_at_once,
                seconds * 1e3 / static_cast<double>(tasks * all.servers.size()));
}

void one_name(const cluster& all, bool by_inputs) {
    support::plan_builder plan;
    std::vector<weft::host_binding> hosts;
    std::vector<weft::plan::index> numbers;
    const std::size_t machines = all.servers.size();
    for (std::size_t machine = 0; machine < machines; ++machine) {
        const std::string name = by_inputs ? "workers" : "host" + std::to_string(machine);
        hosts.push_back(all.binding(machine, name));
        if (!by_inputs || machine == 0) numbers.push_back(plan.host(name));
    }
    const std::string make =
        "head -c " + std::to_string(static_cast<long>(mebibytes * (1 << 20))) + " /dev/urandom > f";
    for (std::size_t machine = 0; machine < machines; ++machine)
        plan.task("p" + std::to_string(machine), numbers[machine % numbers.size()]).command(make);
    for (std::size_t i = 0; i < readers * machines; ++i)
        plan.task("c" + std::to_string(i), numbers[(i * 7 + i / machines) % numbers.size()])
            .command("cksum")
            .refers("p" + std::to_string(i % machines), "f");
    watcher events;
    const double seconds = all.run(plan, hosts, events);
    std::printf("| %s | %d | %.0f | %.2f |\n",
                by_inputs ? "one name, tasks go where their inputs are" : "in turn, whatever they read",
                events.moved, events.moved * mebibytes, seconds);
}

}  // namespace

int main(int argc, char** argv) {
    const auto machines = static_cast<unsigned>(argc > 1 ? std::atoi(argv[1]) : 16);
    const auto tasks = static_cast<unsigned>(argc > 2 ? std::atoi(argv[2]) : 200);
    const cluster all(machines);
    std::printf(
        "%u `true` on each host\n\n| what | first connected, s | all connected, s | run, s | slots | "
        "most at once on a host | ms a task |\n|---|---|---|---|---|---|---|\n",
        tasks);
    many_hosts(all, tasks, false);
    many_hosts(all, std::max(1u, tasks / 10), false);
    many_hosts(all, std::max(1u, tasks / 10), true);
    std::printf(
        "\n%u files of %.0f MiB, each read by %u tasks\n\n| placement | files moved | MiB moved | run, s "
        "|\n|---|---|---|---|\n",
        machines, mebibytes, readers);
    for (const bool by_inputs : {true, false, true, false}) one_name(all, by_inputs);
}
