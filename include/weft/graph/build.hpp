// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/resolve.hpp>

#include <utility>

namespace weft::graph {

/// The dependency graph of a workflow's tasks in compressed rows.
template <graph_sizes Sizes>
struct dependency_graph {
    index tasks = 0;
    index first_predecessor[Sizes.tasks + 1]{};
    index predecessors[Sizes.links + 1]{};  ///< distinct, in ascending order
    index first_successor[Sizes.tasks + 1]{};
    index successors[Sizes.links + 1]{};  ///< distinct, in ascending order
    index level[Sizes.tasks + 1]{};       ///< longest path from a source
    index order[Sizes.tasks + 1]{};       ///< by level, then by declaration
    index ordered = 0;                    ///< less than `tasks` if there is a cycle
    index depth = 0;
    index width = 0;

    constexpr index edges() const { return first_predecessor[tasks]; }
};

/// Levels and order by Kahn's algorithm: a task is ready when all its predecessors have been placed.
template <graph_sizes Sizes>
constexpr void put_in_order(dependency_graph<Sizes>& graph) {
    index unmet[Sizes.tasks + 1]{};
    index queue[Sizes.tasks + 1]{};
    index on_level[Sizes.tasks + 1]{};
    index head = 0;
    index tail = 0;
    for (index task = 0; task < graph.tasks; ++task) {
        unmet[task] = graph.first_predecessor[task + 1] - graph.first_predecessor[task];
        if (unmet[task] == 0) queue[tail++] = task;
    }
    while (head < tail) {
        const index task = queue[head++];
        const index next_level = graph.level[task] + 1;
        ++on_level[next_level - 1];
        for (index at = graph.first_successor[task]; at < graph.first_successor[task + 1]; ++at) {
            const index next = graph.successors[at];
            if (graph.level[next] < next_level) graph.level[next] = next_level;
            if (--unmet[next] == 0) queue[tail++] = next;
        }
    }
    graph.ordered = tail;
    if (tail != graph.tasks) return;
    index start = 0;
    for (index level = 0; level < graph.tasks && on_level[level] != 0; ++level) {
        const index count = on_level[level];
        graph.depth = level + 1;
        if (count > graph.width) graph.width = count;
        on_level[level] = start;
        start += count;
    }
    for (index task = 0; task < graph.tasks; ++task) graph.order[on_level[graph.level[task]]++] = task;
}

/// Builds the edges of resolved parts. Links without a target, or to the task itself, make no edge;
/// validation reports them. Linear in tasks and links: filled in the order of one end, the rows of the other
/// end are sorted.
template <graph_sizes Sizes>
constexpr dependency_graph<Sizes> link_tasks(const resolved_parts<Sizes>& parts) {
    dependency_graph<Sizes> graph;
    graph.tasks = parts.tasks;
    index producers[Sizes.links + 1]{};      // of each task, distinct, in order of its links
    index last_consumer[Sizes.tasks + 1]{};  // of a producer, plus 1: one edge for any number of references
    index next[Sizes.tasks + 1]{};
    index edges = 0;
    for (index task = 0; task < parts.tasks; ++task) {
        graph.first_predecessor[task] = edges;
        for (index link = parts.first_link[task]; link < parts.first_link[task + 1]; ++link) {
            const index target = parts.link_target[link];
            if (target == absent || target == task || last_consumer[target] == task + 1) continue;
            last_consumer[target] = task + 1;
            producers[edges++] = target;
            ++next[target];
        }
    }
    graph.first_predecessor[parts.tasks] = edges;
    index start = 0;
    for (index task = 0; task <= parts.tasks; ++task) {
        graph.first_successor[task] = start;
        start += std::exchange(next[task], start);
    }
    for (index task = 0; task < parts.tasks; ++task)
        for (index at = graph.first_predecessor[task]; at < graph.first_predecessor[task + 1]; ++at)
            graph.successors[next[producers[at]]++] = task;
    for (index task = 0; task < parts.tasks; ++task) next[task] = graph.first_predecessor[task];
    for (index task = 0; task < parts.tasks; ++task)
        for (index at = graph.first_successor[task]; at < graph.first_successor[task + 1]; ++at)
            graph.predecessors[next[graph.successors[at]]++] = task;
    return graph;
}

/// The same in a constant evaluation of its own.
template <graph_sizes Sizes>
consteval dependency_graph<Sizes> constant_edges(const resolved_parts<Sizes>& parts) {
    return link_tasks(parts);
}

template <graph_sizes Sizes>
constexpr dependency_graph<Sizes> in_order(dependency_graph<Sizes> graph) {
    put_in_order(graph);
    return graph;
}

/// Builds the graph of resolved parts.
template <graph_sizes Sizes>
constexpr dependency_graph<Sizes> build(const resolved_parts<Sizes>& parts) {
    return in_order(link_tasks(parts));
}

}  // namespace weft::graph
