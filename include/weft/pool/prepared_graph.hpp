// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/graph_run.hpp>
#include <weft/pool/walker.hpp>

namespace weft::pool {

/// A graph known at compile time with the bodies of its tasks, ready for many runs. It calls
/// `Bodies::call<Task>()` for each task after those of all its predecessors, whose writes are visible to it.
/// At most one run at a time.
///
///     workers pool;                               // as many threads as processors
///     prepared_graph<my_graph, my_bodies> flow(pool, bodies);
///     if (!flow.run()) std::rethrow_exception(flow.failures()[0].error);
template <static_graph Graph, task_bodies Bodies>
class prepared_graph {
public:
    prepared_graph(workers& pool, Bodies& bodies)
        : run_(pool, layout_of<Graph>.view(), &walker<Graph, Bodies>::walk, &bodies) {}

    /// True if all tasks finished. See `graph_run::run`.
    bool run() { return run_.run(); }
    bool run(const std::stop_token& stop) { return run_.run(stop); }

    const std::vector<failure>& failures() const { return run_.failures(); }
    task_state state_of(std::size_t task) const { return run_.state_of(static_cast<index>(task)); }

private:
    graph_run run_;
};

}  // namespace weft::pool
