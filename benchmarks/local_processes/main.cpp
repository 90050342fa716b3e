// SPDX-License-Identifier: MIT
// local_processes [TASKS [ROUNDS]]: the cost of a local process, beside a C loop, make, ninja and xargs, all
// with two in flight. The contenders take turns; prints medians, and ratios to the loop of the same round.
#include "many_tasks.hpp"

#include <weft/launch/run_plan.hpp>
#include <weft/show/log.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

extern char** environ;

namespace {

namespace fs = std::filesystem;

constexpr int at_once = 2;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "local_processes: %s\n", what.c_str());
    std::exit(1);
}

pid_t spawn(std::vector<std::string> words, const posix_spawn_file_actions_t* actions = nullptr) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t id = 0;
    if (::posix_spawnp(&id, arguments[0], actions, nullptr, arguments.data(), environ) != 0)
        fail("cannot start " + words[0]);
    return id;
}

void reap() {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED) != 0 || info.si_code != CLD_EXITED || info.si_status != 0)
        fail("a process failed");
}

/// The minimum in C: start and wait, with two in flight.
void loop(int tasks, const std::function<pid_t(int)>& start) {
    int running = 0;
    for (int i = 0; i < tasks; ++i) {
        if (running == at_once) reap(), --running;
        start(i);
        ++running;
    }
    while (running-- > 0) reap();
}

void bare_loop(int tasks, const fs::path&) {
    loop(tasks, [](int) { return spawn({"/bin/true"}); });
}

/// /bin/true in a directory, with new files in it for its stdout and stderr.
pid_t spawn_in(const std::string& directory, const char* output, const char* error) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    ::posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_EXCL, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_EXCL, 0600);
    const pid_t id = spawn({"/bin/true"}, &actions);
    ::posix_spawn_file_actions_destroy(&actions);
    return id;
}

/// The same with a directory for each process, which contains its stdout and stderr.
void loop_with_files(int tasks, const fs::path& work) {
    loop(tasks, [&](int i) {
        const std::string directory = work / ("t" + std::to_string(i));
        if (::mkdir(directory.c_str(), 0700) != 0) fail("mkdir");
        return spawn_in(directory, "stdout", "stderr");
    });
}

void write_file(const std::string& name, const std::string& text) {
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, text.data(), text.size()) < 0) fail("cannot write " + name);
    ::close(file);
}

/// The same with all files of a task of weft.
void loop_with_all_files(int tasks, const fs::path& work) {
    loop(tasks, [&](int i) {
        const std::string directory = work / ("t" + std::to_string(i));
        const std::string files = directory + "/.weft";
        if (::mkdir(directory.c_str(), 0700) != 0 || ::mkdir(files.c_str(), 0700) != 0) fail("mkdir");
        write_file(files + "/command", "exec /bin/true\n");
        write_file(files + "/environment", std::string(90, 'x'));
        const pid_t id = spawn_in(directory, ".weft/stdout", ".weft/stderr");
        write_file(files + "/pid", std::to_string(id) + '\n');
        write_file(files + "/exit", "0\n");
        return id;
    });
}

void weft_run(int tasks, const fs::path& work, bool logged, bool recorded) {
    const many_tasks plan(static_cast<weft::plan::index>(tasks));
    weft::options how;
    how.scratch = work;
    how.jobs = at_once;
    if (recorded) how.state = work / "state";
    weft::show::log_options where;
    where.descriptor = ::open((work / "log").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    weft::show::log log(where);
    std::vector<weft::engine::observer*> listeners;
    if (logged) listeners.push_back(&log);
    const weft::report result = weft::run_plan(plan.view(), how, listeners);
    ::close(where.descriptor);
    if (!result.ok()) fail("weft: " + result.tasks[0].reason);
}

void run_in(const fs::path& work, std::vector<std::string> words) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, work.c_str());
    ::posix_spawn_file_actions_addopen(&actions, 0, "list", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    spawn(std::move(words), &actions);
    ::posix_spawn_file_actions_destroy(&actions);
    reap();
}

void prepare_others(int tasks, const fs::path& work) {
    std::ofstream makefile(work / "Makefile"), ninja(work / "build.ninja"), list(work / "list");
    makefile << "all:";
    for (int i = 0; i < tasks; ++i) makefile << " t" << i;
    makefile << "\n.PHONY: all\n";
    ninja << "rule run\n  command = /bin/true\n";
    for (int i = 0; i < tasks; ++i) {
        makefile << ".PHONY: t" << i << "\nt" << i << ":\n\t@/bin/true\n";
        ninja << "build t" << i << ": run\n";
        list << i << '\n';
    }
}

struct contender {
    const char* name;
    std::function<void(int, const fs::path&)> run;
    std::vector<double> seconds{}, ratios{};
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    const int tasks = argc > 1 ? std::atoi(argv[1]) : 5000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    std::string directory = fs::temp_directory_path() / "weft-bench-XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) fail("no temporary directory");
    std::vector<contender> all;
    all.push_back({"posix_spawn + waitid", bare_loop});
    all.push_back({"the same, with directory, stdout and stderr", loop_with_files});
    all.push_back({"the same, with all files of a task of weft", loop_with_all_files});
    all.push_back({"weft", [](int n, const fs::path& work) { weft_run(n, work, false, false); }});
    all.push_back(
        {"weft, with its journal", [](int n, const fs::path& work) { weft_run(n, work, false, true); }});
    all.push_back({"weft, with its journal and log",
                   [](int n, const fs::path& work) { weft_run(n, work, true, true); }});
    all.push_back({"xargs -P2 -n1", [](int, const fs::path& work) {
                       run_in(work, {"xargs", "-P2", "-n1", "/bin/true"});
                   }});
    all.push_back({"make -j2", [](int, const fs::path& work) { run_in(work, {"make", "-j2"}); }});
    all.push_back({"ninja -j2", [](int, const fs::path& work) { run_in(work, {"ninja", "-j2"}); }});
    int number = 0;
    for (int round = 0; round < rounds; ++round) {
        for (contender& one : all) {
            // Removed at the end only: ext4 skips inodes that were in use minutes ago, so files removed by
            // one contender would slow down the next ones.
            const fs::path work = fs::path(directory) / std::to_string(++number);
            fs::create_directory(work);
            prepare_others(tasks, work);
            const auto start = std::chrono::steady_clock::now();
            one.run(tasks, work);
            one.seconds.push_back(
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            one.ratios.push_back(one.seconds.back() / all[0].seconds.back());
        }
    }
    fs::remove_all(directory);
    std::printf("%d processes /bin/true, two in flight, median of %d\n\n", tasks, rounds);
    std::printf("| what | s | us each | of the loop |\n|---|---|---|---|\n");
    for (const contender& one : all)
        std::printf("| %s | %.3f | %.0f | %.2f |\n", one.name, median(one.seconds),
                    median(one.seconds) * 1e6 / tasks, median(one.ratios));
}
