// SPDX-License-Identifier: MIT
// remote_delay [MILLISECONDS [TASKS]]: tasks on a host behind a long line, simulated by a proxy on loopback:
// TASKS that are ready together, and a chain of as many that read each other's files. Prints seconds, also in
// round trips, without those of the connection setup, which a run of one task shows.
#include "support/delaying_proxy.hpp"
#include "support/plan_builder.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <weft/launch/run_plan.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

struct far_host {
    support::sshd server;
    support::temporary_directory base;
    std::chrono::milliseconds round_trip;

    explicit far_host(int milliseconds) : round_trip(milliseconds) {}

    struct result {
        double seconds;
        unsigned turns;  ///< how often the controller sent data after the host had
    };

    result run(support::plan_builder& plan, unsigned slots) const {
        support::delaying_proxy line(server.port(), round_trip / 2);
        weft::ssh_host host = server.binding_through(line.port());
        host.scratch = (base.path() / "host").string();
        host.slots = slots;
        weft::options how;
        how.hosts = {{"edge", host}};
        how.scratch = (base.path() / "here").string();
        const weft::report report = weft::run_plan(plan.view(), how, {});
        for (const weft::task_report& task : report.tasks)
            if (task.status != weft::task_state::finished) {
                std::fprintf(stderr, "remote_delay: %s: %s\n", task.name.c_str(), task.reason.c_str());
                std::exit(1);
            }
        return {std::chrono::duration<double>(report.elapsed).count(), line.turns()};
    }

    /// `count` independent tasks, or a chain of them.
    result tasks(int count, bool chain) const {
        support::plan_builder plan;
        const auto host = plan.host("edge");
        for (int i = 0; i < count; ++i) {
            plan.task("t" + std::to_string(i), host).command("true > f; :").outputs("f");
            if (chain && i > 0) plan.refers("t" + std::to_string(i - 1), "f");
        }
        return run(plan, static_cast<unsigned>(count));
    }
};

}  // namespace

int main(int argc, char** argv) {
    const int milliseconds = argc > 1 ? std::atoi(argv[1]) : 50;
    const int count = argc > 2 ? std::atoi(argv[2]) : 20;
    for (const int delay : {0, milliseconds}) {
        const far_host host(delay);
        const far_host::result one = host.tasks(1, false);
        const far_host::result together = host.tasks(count, false);
        const far_host::result chain = host.tasks(count, true);
        if (delay == 0)
            std::printf(
                "| round trip, ms | what | s | s beyond one task | round trips beyond |\n"
                "|---|---|---|---|---|\n");
        const auto print = [&](const std::string& what, const far_host::result& it) {
            std::printf("| %d | %s | %.2f | %.2f | %d |\n", delay, what.c_str(), it.seconds,
                        it.seconds - one.seconds, static_cast<int>(it.turns) - static_cast<int>(one.turns));
        };
        print("one task", one);
        print(std::to_string(count) + " tasks, ready together", together);
        print("a chain of " + std::to_string(count), chain);
    }
}
