// SPDX-License-Identifier: MIT
// order [ROUNDS]: the makespan of graphs for which the order of ready tasks matters, beside make and ninja,
// which start them in declaration order, and beside the lower bound for two slots.
#include "support/plan_builder.hpp"
#include "support/temporary_directory.hpp"

#include <weft/launch/run_plan.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

extern char** environ;

namespace {

namespace fs = std::filesystem;

constexpr double nap = 0.1;  // seconds per task

/// A graph of sleeping tasks, in the order of their declaration, each with its predecessors.
struct graph {
    const char* name;
    std::vector<std::vector<int>> after;
    double least;  ///< lower bound in seconds on two slots
};

/// Many short branches, declared first, and a chain.
graph chain_last(int leaves, int length) {
    graph result{"20 tasks, then a chain of 20", {}, 0};
    result.after.resize(static_cast<std::size_t>(leaves));
    for (int i = 0; i < length; ++i)
        result.after.push_back(i == 0 ? std::vector<int>{}
                                      : std::vector<int>{static_cast<int>(result.after.size()) - 1});
    result.least = nap * std::max(length, (leaves + length + 1) / 2);
    return result;
}

/// Chains of 1, 2, ... tasks, the shortest declared first, and one task that depends on all.
graph chains(int longest) {
    graph result{"chains of 1 to 12, then one task", {}, 0};
    std::vector<int> ends;
    for (int length = 1; length <= longest; ++length) {
        for (int i = 0; i < length; ++i) {
            const int before = static_cast<int>(result.after.size()) - 1;
            result.after.push_back(i == 0 ? std::vector<int>{} : std::vector<int>{before});
        }
        ends.push_back(static_cast<int>(result.after.size()) - 1);
    }
    result.least = nap * (1 + static_cast<double>(result.after.size()) / 2);
    result.after.push_back(ends);
    return result;
}

double timed(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double with_weft(const graph& what, const fs::path& work) {
    support::plan_builder plan;
    for (std::size_t i = 0; i < what.after.size(); ++i) {
        plan.task('t' + std::to_string(i)).command("exec sleep " + std::to_string(nap));
        for (const int before : what.after[i]) plan.after('t' + std::to_string(before));
    }
    const weft::plan::view view = plan.view();
    weft::options how;
    how.scratch = work;
    how.jobs = 2;
    return timed([&] {
        if (!weft::run_plan(view, how).ok()) std::exit(1);
    });
}

double with_program(const graph& what, const fs::path& work, const char* program) {
    std::ofstream makefile(work / "Makefile"), ninja(work / "build.ninja");
    makefile << "all:";
    for (std::size_t i = 0; i < what.after.size(); ++i) makefile << " t" << i;
    makefile << "\n.PHONY: all\n";
    ninja << "rule run\n  command = exec sleep " << nap << '\n';
    for (std::size_t i = 0; i < what.after.size(); ++i) {
        makefile << ".PHONY: t" << i << "\nt" << i << ':';
        ninja << "build t" << i << ": run";
        for (const int before : what.after[i]) makefile << " t" << before, ninja << " t" << before;
        makefile << "\n\t@exec sleep " << nap << '\n';
        ninja << '\n';
    }
    makefile.close(), ninja.close();
    return timed([&] {
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addchdir_np(&actions, work.c_str());
        ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        std::string name = program, jobs = "-j2";
        char* arguments[] = {name.data(), jobs.data(), nullptr};
        pid_t id = 0;
        int status = 1;
        if (::posix_spawnp(&id, program, &actions, nullptr, arguments, environ) != 0) std::exit(1);
        if (::waitpid(id, &status, 0) != id || status != 0) std::exit(1);
        ::posix_spawn_file_actions_destroy(&actions);
    });
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    std::printf("tasks of %.1f s, two at a time, median of %d\n\n", nap, rounds);
    std::printf("| graph | least, s | weft, s | make, s | ninja, s |\n|---|---|---|---|---|\n");
    for (const graph& what : {chain_last(20, 20), chains(12)}) {
        std::vector<double> weft, make, ninja;
        for (int round = 0; round < rounds; ++round) {
            const support::temporary_directory work;
            weft.push_back(with_weft(what, work.path()));
            make.push_back(with_program(what, work.path(), "make"));
            ninja.push_back(with_program(what, work.path(), "ninja"));
        }
        std::printf("| %s | %.1f | %.2f | %.2f | %.2f |\n", what.name, what.least, median(weft), median(make),
                    median(ninja));
    }
}
