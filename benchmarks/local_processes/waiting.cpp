// SPDX-License-Identifier: MIT
// waiting [TASKS]: the memory of a waiting task, and the time until the first of many ready tasks starts.
#include "many_tasks.hpp"

#include <weft/launch/run_plan.hpp>
#include <weft/show/log.hpp>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stop_token>

namespace {

using steady = std::chrono::steady_clock;

/// Records when the first task starts and the memory in use at that time; then ends the run.
struct first_start : weft::engine::observer {
    std::stop_source stop;
    steady::time_point when{};
    std::size_t memory = 0;

    void task_changed(const weft::task_report&, weft::task_state now) override {
        if (now != weft::task_state::running || memory != 0) return;
        when = steady::now();
        const auto heap = ::mallinfo2();
        memory = heap.uordblks + heap.hblkhd;
        stop.request_stop();
    }
};

void measure(const char* what, const many_tasks& plan, std::size_t tasks, bool logged) {
    first_start first;
    weft::options how;
    how.jobs = 2;
    how.stop = first.stop.get_token();
    weft::show::log_options where;
    where.descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    weft::show::log log(where);
    std::vector<weft::engine::observer*> listeners{&first};
    if (logged) listeners.push_back(&log);
    const auto heap = ::mallinfo2();
    const std::size_t before = heap.uordblks + heap.hblkhd;
    const auto start = steady::now();
    weft::run_plan(plan.view(), how, listeners);
    std::printf("| %s%s | %.3f | %.0f |\n", what, logged ? ", with the log" : "",
                std::chrono::duration<double>(first.when - start).count(),
                static_cast<double>(first.memory - before) / static_cast<double>(tasks));
    ::close(where.descriptor);
}

}  // namespace

int main(int argc, char** argv) {
    const auto tasks = static_cast<weft::plan::index>(argc > 1 ? std::atoi(argv[1]) : 100000);
    many_tasks plan(tasks);
    std::printf("%u tasks\n\n| what | first start, s | bytes a task |\n|---|---|---|\n", tasks);
    for (const bool logged : {false, true}) measure("all are ready", plan, tasks, logged);
    plan.wait_for_first();
    for (const bool logged : {false, true}) measure("all but one wait", plan, tasks, logged);
}
