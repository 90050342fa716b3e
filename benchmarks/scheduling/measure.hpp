// SPDX-License-Identifier: MIT
#pragma once

#include "bodies.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace measure {

/// Checks a contender, once, before it is timed.
template <template <class, class> class Contender, class Graph>
void check(unsigned threads) {
    using body = bodies::checked<Graph>;
    std::uint32_t& runs = body::runs;
    Contender<Graph, body> contender(threads);
    for (int again = 0; again < 3; ++again) contender.run(), runs += contender.batch;
    if (body::hold()) return;
    std::fprintf(stderr, "%s does not respect the order of %s\n", Contender<Graph, body>::name, Graph::name);
    std::exit(1);
}

template <template <class, class> class Contender, class Graph>
void check_once(unsigned threads) {
    static unsigned checked = 0;  // the number of threads of the last check
    if (checked != threads) check<Contender, Graph>(threads);
    checked = threads;
}

inline double least(const std::vector<double>& values) {
    return *std::min_element(values.begin(), values.end());
}

benchmark::internal::Benchmark* add(const std::string& name, auto function) {
    return benchmark::RegisterBenchmark(name.c_str(), function)
        ->UseRealTime()
        ->ComputeStatistics("min", least);
}

/// `run/<graph>/<body>/<threads>/<contender>`: the time of one run.
template <template <class, class> class Contender, class Graph, class Body>
void add_runs(unsigned threads) {
    using contender_type = Contender<Graph, Body>;
    const std::string name = std::string("run/") + Graph::name + "/" + Body::name + "/" +
                             std::to_string(threads) + "/" + contender_type::name;
    add(name, [threads](benchmark::State& state) {
        check_once<Contender, Graph>(threads);
        contender_type contender(threads);
        std::fill(std::begin(bodies::ran), std::end(bodies::ran), 0U);
        std::uint32_t runs = 0;
        while (state.KeepRunningBatch(contender.batch)) contender.run(), runs += contender.batch;
        for (std::size_t task = 0; task < Graph::tasks; ++task)
            if (bodies::ran[task] != runs)
                state.SkipWithError("a task ran more or less often than it should");
        state.counters["tasks"] = Graph::tasks;
    });
}

/// `build/<graph>/<contender>`: the time to prepare a contender for its first run, and to destroy it.
template <template <class, class> class Contender, class Graph>
void add_build() {
    using contender_type = Contender<Graph, bodies::empty>;
    const std::string name = std::string("build/") + Graph::name + "/" + contender_type::name;
    add(name, [](benchmark::State& state) {
        for (auto _ : state) {
            contender_type contender(1);
            benchmark::ClobberMemory();
        }
        state.counters["tasks"] = Graph::tasks;
    });
}

}  // namespace measure
