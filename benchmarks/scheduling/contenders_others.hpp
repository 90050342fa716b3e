// SPDX-License-Identifier: MIT
// OpenMP's tasks with dependences, and Taskflow where it is installed.
#pragma once

#include "bodies.hpp"

#include <memory>
#include <vector>

#ifdef WEFT_BENCH_TASKFLOW
#include <taskflow/taskflow.hpp>
#endif

namespace contenders {

using graphs::index;

/// Dependences are declared while a run creates its tasks: nothing can be built in advance.
template <class Graph, class Body>
class openmp {
public:
    static constexpr const char* name = "openmp depend";
    static constexpr unsigned batch = 1;
    explicit openmp(unsigned threads) : threads_(static_cast<int>(threads)), tokens_(Graph::tasks + 1) {}
    void run() {
        [[maybe_unused]] char* const token = tokens_.data();
#pragma omp parallel num_threads(threads_)
#pragma omp single
        for (std::size_t at = 0; at < Graph::tasks; ++at) {
            const index task = Graph::order[at];
            [[maybe_unused]] const index first = Graph::first_predecessor[task];
            [[maybe_unused]] const index last = Graph::first_predecessor[task + 1];
            [[maybe_unused]] const index* const before = Graph::predecessors;
            if (first == last) {
#pragma omp task depend(out : token[task]) firstprivate(task)
                Body::run(task);
            } else {
#pragma omp task depend(iterator(index row = first       \
                                 : last),                \
                        in                               \
                        : token[before[row]]) depend(out \
                                                     : token[task]) firstprivate(task)
                Body::run(task);
            }
        }
    }

private:
    int threads_;
    std::vector<char> tokens_;
};

#ifdef WEFT_BENCH_TASKFLOW
/// Twenty runs at a time, which is its best case.
template <class Graph, class Body>
class taskflow {
public:
    static constexpr const char* name = "taskflow";
    static constexpr unsigned batch = 20;
    explicit taskflow(unsigned threads) : executor_(threads) {
        std::vector<tf::Task> tasks;
        for (index task = 0; task < Graph::tasks; ++task)
            tasks.push_back(flow_.emplace([task] { Body::run(task); }));
        for (index task = 0; task < Graph::tasks; ++task)
            for (index row = Graph::first_successor[task]; row < Graph::first_successor[task + 1]; ++row)
                tasks[task].precede(tasks[Graph::successors[row]]);
    }
    void run() { executor_.run_n(flow_, batch).wait(); }

private:
    tf::Executor executor_;
    tf::Taskflow flow_;
};
#endif

}  // namespace contenders
