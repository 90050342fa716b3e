// SPDX-License-Identifier: MIT
// Compiled once per graph: WEFT_BENCH_GRAPH is its name.
#include "contenders_others.hpp"
#include "contenders_plain.hpp"
#include "contenders_tbb.hpp"
#include "measure.hpp"

namespace {

using graph = graphs::WEFT_BENCH_GRAPH;
using bodies::empty;
using bodies::microsecond;

/// The contenders with several threads.
template <class Body>
void add_schedulers(unsigned threads) {
    using namespace contenders;
    measure::add_runs<weft_executor, graph, Body>(threads);
    measure::add_runs<tbb_group, graph, Body>(threads);
    measure::add_runs<tbb_flow_light, graph, Body>(threads);
    measure::add_runs<tbb_flow, graph, Body>(threads);
    measure::add_runs<openmp, graph, Body>(threads);
#ifdef WEFT_BENCH_TASKFLOW
    measure::add_runs<taskflow, graph, Body>(threads);
#endif
}

template <class Body>
void add_body() {
    measure::add_runs<contenders::direct, graph, Body>(1);
    measure::add_runs<contenders::table, graph, Body>(1);
    add_schedulers<Body>(1);
    add_schedulers<Body>(2);
    // A thread per task: the kernel decides how many processors it uses.
    measure::add_runs<contenders::async, graph, Body>(2);
    // More workers than machines of this class have processors.
    add_schedulers<Body>(4);
}

const bool added = [] {
    add_body<empty>();
    add_body<microsecond>();
    measure::add_build<contenders::weft_executor, graph>();
    measure::add_build<contenders::tbb_group, graph>();
    measure::add_build<contenders::tbb_flow_light, graph>();
#ifdef WEFT_BENCH_TASKFLOW
    measure::add_build<contenders::taskflow, graph>();
#endif
    return true;
}();

}  // namespace
