// SPDX-License-Identifier: MIT
// pool: runs a graph of functions in this process, on the caller's thread and on helper threads. It knows the
// plan's tables at most; values and names belong to the declaring code. Users create `workers` once and an
// `executor` per graph.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace weft::pool {

using index = std::uint32_t;
inline constexpr index none = ~index{0};

/// A graph known at compile time: compressed rows in both directions, and `order`, in which each task follows
/// its predecessors. The successors of `t` are the rows from `first_successor[t]` to `first_successor[t +
/// 1]`.
template <class Graph>
concept static_graph = requires {
    { Graph::tasks } -> std::convertible_to<std::size_t>;
    { Graph::edges } -> std::convertible_to<std::size_t>;
    { Graph::first_successor[0] } -> std::convertible_to<index>;
    { Graph::successors[0] } -> std::convertible_to<index>;
    { Graph::first_predecessor[0] } -> std::convertible_to<index>;
    { Graph::predecessors[0] } -> std::convertible_to<index>;
    { Graph::order[0] } -> std::convertible_to<index>;
};

/// A graph as it is run, without templates. Its nodes are *units*: a unit is a chain of tasks in which each
/// is the only successor of the previous one and has no other predecessor, so that joins within a unit are
/// not counted (a chain of 1,000 is one unit). Tasks have *positions* in a valid order, in which the tasks of
/// a unit are adjacent. Units are numbered in that order too. The unit after the last represents the end of
/// the run: it follows every unit without successors.
struct layout_view {
    index tasks = 0;
    index units = 0;
    const index* task_at = nullptr;          ///< position -> task
    const index* first_position = nullptr;   ///< unit -> its first position; `units + 1` rows
    const index* first_successor = nullptr;  ///< unit -> its first row in `successors`; `units + 1` rows
    const index* successors = nullptr;       ///< units, ascending
    const index* waits = nullptr;  ///< unit -> number of predecessors; the last row is that of the end
};

/// The tables behind a `layout_view`, sized for the worst case: no chains, and every task leads to the end.
template <std::size_t Tasks, std::size_t Edges>
struct layout_tables {
    index tasks = Tasks;  ///< may be less than the capacity if the graph is known only at run time
    index units = 0;
    index task_at[Tasks + 1]{};
    index first_position[Tasks + 1]{};
    index first_successor[Tasks + 2]{};
    index successors[Edges + Tasks + 1]{};
    index waits[Tasks + 1]{};

    constexpr layout_view view() const {
        return {tasks, units, task_at, first_position, first_successor, successors, waits};
    }
};

/// Fuses chains and renumbers. `Graph` is a `static_graph` or an object with the same members. A unit is
/// ordered by its first task: all predecessors of that task come before it, so the order remains valid.
template <std::size_t Tasks, std::size_t Edges, class Graph>
constexpr void lay_out(const Graph& graph, layout_tables<Tasks, Edges>& to) {
    index unit_of[Tasks + 1]{};
    const auto only_successor = [&](index task) {
        const index first = graph.first_successor[task];
        return graph.first_successor[task + 1] - first == 1 ? index(graph.successors[first]) : none;
    };
    const auto predecessors = [&](index task) {
        return index(graph.first_predecessor[task + 1] - graph.first_predecessor[task]);
    };
    index position = 0;
    for (index at = 0; at < to.tasks; ++at) {
        index task = graph.order[at];
        if (predecessors(task) == 1 &&
            only_successor(graph.predecessors[graph.first_predecessor[task]]) != none)
            continue;  // within a chain
        to.waits[to.units] = predecessors(task);
        to.first_position[to.units] = position;
        while (true) {
            unit_of[task] = to.units;
            to.task_at[position++] = task;
            const index next = only_successor(task);
            if (next == none || predecessors(next) != 1) break;
            task = next;
        }
        ++to.units;
    }
    to.first_position[to.units] = position;

    // The successors of a unit are those of its last task. Filled by ascending consumer, the rows are sorted.
    const auto last_task = [&](index unit) { return to.task_at[to.first_position[unit + 1] - 1]; };
    for (index unit = 0; unit < to.units; ++unit) {
        const index task = last_task(unit);
        const index count = graph.first_successor[task + 1] - graph.first_successor[task];
        to.first_successor[unit + 1] = to.first_successor[unit] + (count == 0 ? 1 : count);
    }
    index filled[Tasks + 1]{};
    for (index unit = 0; unit < to.units; ++unit) {
        const index task = to.task_at[to.first_position[unit]];
        for (index row = graph.first_predecessor[task]; row < graph.first_predecessor[task + 1]; ++row) {
            const index producer = unit_of[graph.predecessors[row]];
            to.successors[to.first_successor[producer] + filled[producer]++] = unit;
        }
    }
    to.waits[to.units] = 0;
    for (index unit = 0; unit < to.units; ++unit) {
        if (filled[unit] != 0) continue;
        to.successors[to.first_successor[unit]] = to.units;
        ++to.waits[to.units];
    }
}

/// The layout of a graph known at compile time.
template <static_graph Graph>
inline constexpr auto layout_of = [] {
    layout_tables<Graph::tasks, Graph::edges> tables;
    lay_out(Graph{}, tables);
    return tables;
}();

}  // namespace weft::pool
