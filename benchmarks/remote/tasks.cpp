// SPDX-License-Identifier: MIT
// remote_tasks [TASKS [ROUNDS [WORDS...]]]: the cost of a task on a host, on a private sshd on loopback:
// through weft, through one `ssh` per command over a ControlMaster, through GNU parallel with the same, and
// by hand through one `ssh host sh`, one command after another, which is the lower bound, with and without a
// task's files. The contenders take turns; WORDS select those whose names contain one of them. Files are in
// $TMPDIR: ext4 skips inodes that were removed in the last minutes, so that new files are slow after a run of
// this; a tmpfs, such as /dev/shm, does not.
#include "remote/peers.hpp"
#include "support/plan_builder.hpp"

#include <weft/launch/run_plan.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

/// TASKS of /bin/true, each with its scratch, its wrapper and its exit file on the host.
void weft_run(const bench::peers& all, int tasks, bool shell, const std::string& state) {
    support::plan_builder plan;
    const auto host = plan.host("edge");
    for (int i = 0; i < tasks; ++i) plan.task("t" + std::to_string(i), host).command("/bin/true");
    weft::options how;
    how.hosts = {{"edge", all.binding()}};
    how.scratch = all.directory("here");
    how.state = state;
    weft::plan::view rows = plan.view();
    std::vector<weft::plan::task> changed(rows.tasks.begin(), rows.tasks.end());
    for (weft::plan::task& row : changed)
        if (!shell) row.action = weft::plan::action_kind::program;
    rows.tasks = changed;
    const weft::report result = weft::run_plan(rows, how, {});
    for (const weft::task_report& task : result.tasks)
        if (task.status != weft::task_state::finished) bench::fail("weft: " + task.name + ": " + task.reason);
}

struct contender {
    std::string name;
    int share;  ///< one of so many tasks is run: slow contenders are measured with fewer
    std::function<void(int)> run;
    std::vector<double> milliseconds{};
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    const int tasks = argc > 1 ? std::atoi(argv[1]) : 1000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const std::vector<std::string> words(argv + std::min(argc, 3), argv + argc);
    bench::peers peers;
    std::vector<contender> all;
    all.push_back({"by hand: `ssh host sh`", 1, [&](int n) { peers.by_hand(n); }});
    int runs = 0;
    all.push_back({"the same, with a task's files", 1,
                   [&](int n) { peers.by_hand(n, peers.directory("by-hand/" + std::to_string(runs++))); }});
    all.push_back({"weft, `exec`", 1, [&](int n) { weft_run(peers, n, false, {}); }});
    all.push_back({"weft, `exec`, with a journal", 1,
                   [&](int n) { weft_run(peers, n, false, peers.directory("state")); }});
    all.push_back({"weft, `sh`", 1, [&](int n) { weft_run(peers, n, true, {}); }});
    all.push_back({"`ssh` over a ControlMaster", 10, [&](int n) { peers.over_master(n, 1); }});
    all.push_back({"`ssh` over a ControlMaster, two at once", 10, [&](int n) { peers.over_master(n, 2); }});
    all.push_back({"GNU parallel over it, two at once", 10, [&](int n) { peers.parallel(n); }});
    std::erase_if(all, [&](const contender& one) {
        return !words.empty() && std::none_of(words.begin(), words.end(), [&](const std::string& word) {
            return one.name.find(word) != std::string::npos;
        });
    });
    for (int round = 0; round < rounds; ++round)
        for (contender& one : all) {
            const int count = std::max(1, tasks / one.share);
            const auto start = steady::now();
            one.run(count);
            one.milliseconds.push_back(
                std::chrono::duration<double, std::milli>(steady::now() - start).count() / count);
        }
    std::printf(
        "%d tasks (of the slow ones a tenth), median of %d\n\n| what | ms a task | of the first "
        "|\n|---|---|---|\n",
        tasks, rounds);
    for (const contender& one : all)
        std::printf("| %s | %.2f | %.2f |\n", one.name.c_str(), median(one.milliseconds),
                    median(one.milliseconds) / median(all[0].milliseconds));
}
