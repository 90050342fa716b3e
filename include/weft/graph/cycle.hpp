// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>

namespace weft::graph {

/// Tasks that wait for each other, each for the one before it and the first for the last.
template <graph_sizes Sizes>
struct cycle_path {
    index tasks[Sizes.tasks + 1]{};
    index length = 0;
};

/// Finds a cycle of a graph that could not be put in order.
template <graph_sizes Sizes>
constexpr cycle_path<Sizes> find_cycle(const dependency_graph<Sizes>& graph) {
    // A task that Kahn's algorithm did not reach has a predecessor that it did not reach either.
    bool reached[Sizes.tasks + 1]{};
    index unmet[Sizes.tasks + 1]{};
    index queue[Sizes.tasks + 1]{};
    index tail = 0;
    for (index task = 0; task < graph.tasks; ++task) {
        unmet[task] = graph.first_predecessor[task + 1] - graph.first_predecessor[task];
        if (unmet[task] == 0) queue[tail++] = task;
    }
    for (index head = 0; head < tail; ++head) {
        const index task = queue[head];
        reached[task] = true;
        for (index at = graph.first_successor[task]; at < graph.first_successor[task + 1]; ++at)
            if (--unmet[graph.successors[at]] == 0) queue[tail++] = graph.successors[at];
    }
    // Back over predecessors that were not reached, until a task comes again.
    index task = 0;
    while (reached[task]) ++task;
    index seen_at[Sizes.tasks + 1]{};
    index walked[Sizes.tasks + 1]{};
    index length = 0;
    while (seen_at[task] == 0) {
        walked[length++] = task;
        seen_at[task] = length;
        index at = graph.first_predecessor[task];
        while (reached[graph.predecessors[at]]) ++at;
        task = graph.predecessors[at];
    }
    cycle_path<Sizes> path;
    for (index at = length; at >= seen_at[task]; --at) path.tasks[path.length++] = walked[at - 1];
    return path;
}

}  // namespace weft::graph
