// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>

namespace weft::graph {

/// The cycles of a graph that has no topological order; no two have a task in common. Each task of a cycle
/// depends on the previous one, and the first on the last.
template <graph_sizes Sizes>
struct cycles {
    index tasks[Sizes.tasks + 1]{};  ///< of the first cycle, then of the next
    index end[Sizes.tasks + 1]{};    ///< the end of each cycle in `tasks`
    index count = 0;

    constexpr list<index> path(index cycle) const {
        const index from = cycle == 0 ? 0 : end[cycle - 1];
        return {tasks + from, end[cycle] - from};
    }
};

template <graph_sizes Sizes>
constexpr cycles<Sizes> find_cycles(const dependency_graph<Sizes>& graph) {
    // A task that Kahn's algorithm did not reach has a predecessor that it did not reach.
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
    // From each, walks back over unreached predecessors until a task is repeated: a task of this walk closes
    // a cycle, a task of an earlier walk does not.
    cycles<Sizes> found;
    index seen_at[Sizes.tasks + 1]{};
    index walked[Sizes.tasks + 1]{};
    index length = 0;
    index kept = 0;
    for (index start = 0; start < graph.tasks; ++start) {
        if (reached[start] || seen_at[start] != 0) continue;
        const index walk = length;
        index task = start;
        while (seen_at[task] == 0) {
            walked[length++] = task;
            seen_at[task] = length;
            index at = graph.first_predecessor[task];
            while (reached[graph.predecessors[at]]) ++at;
            task = graph.predecessors[at];
        }
        if (seen_at[task] <= walk) continue;
        for (index at = length; at >= seen_at[task]; --at) found.tasks[kept++] = walked[at - 1];
        found.end[found.count++] = kept;
    }
    return found;
}

}  // namespace weft::graph
