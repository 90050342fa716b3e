// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>

namespace weft::graph {

using index = std::uint32_t;
inline constexpr index absent = ~index{0};

/// Where the parts of a kind are, found by name: open addressing over the hashes, at most half full.
template <std::size_t Parts>
class name_index {
public:
    /// The part of that name that was added first; `absent` when there is none.
    constexpr index find(const named& name) const {
        std::size_t slot = name.hash & mask;
        for (; slots_[slot].at != absent; slot = (slot + 1) & mask)
            if (slots_[slot].name == name) return slots_[slot].at;
        return absent;
    }
    /// False when a part of that name is there already.
    constexpr bool add(const named& name, index at) {
        std::size_t slot = name.hash & mask;
        for (; slots_[slot].at != absent; slot = (slot + 1) & mask)
            if (slots_[slot].name == name) return false;
        slots_[slot] = {name, at};
        return true;
    }

private:
    struct entry {
        named name;
        index at = absent;
    };
    static constexpr std::size_t mask = std::bit_ceil(2 * Parts + 2) - 1;
    std::array<entry, mask + 1> slots_{};
};

/// The dependency graph of a workflow's tasks in compressed rows. `Parts` and `Links` are upper bounds: of
/// tasks, and of references and `after` names together.
template <std::size_t Parts, std::size_t Links>
struct dependency_graph {
    std::size_t tasks = 0;
    std::array<index, Parts> part_of{};      ///< a task's part
    std::array<index, Links> link_target{};  ///< per mention, then per `after` name, of each task in order
    std::array<index, Parts + 1> first_link{};
    std::array<index, Parts + 1> first_predecessor{};
    std::array<index, Links> predecessors{};  ///< distinct, ascending
    std::array<index, Parts + 1> first_successor{};
    std::array<index, Links> successors{};  ///< distinct, ascending
    std::array<index, Parts> level{};       ///< longest path from a source
    std::array<index, Parts> order{};       ///< by level, then as declared
    std::size_t ordered = 0;                ///< less than `tasks` when there is a cycle
    index depth = 0;
    index width = 0;

    constexpr std::size_t edges() const { return first_predecessor[tasks]; }
};

/// Counts the rows that `build` needs at most.
struct graph_bounds {
    std::size_t links = 0;
};

constexpr graph_bounds bounds_of(std::span<const part_row> parts) {
    graph_bounds bounds;
    for (const part_row& part : parts) {
        bounds.links += part.mentions.size();
        part.names(modifier_kind::after, [&](const named&) { ++bounds.links; });
    }
    return bounds;
}

/// Levels and order by Kahn's algorithm: a task is ready when all its predecessors have been placed.
template <std::size_t Parts, std::size_t Links>
constexpr void put_in_order(dependency_graph<Parts, Links>& graph) {
    std::array<index, Parts> unmet{};
    std::array<index, Parts> queue{};
    std::size_t head = 0;
    std::size_t tail = 0;
    for (index task = 0; task < graph.tasks; ++task) {
        unmet[task] = graph.first_predecessor[task + 1] - graph.first_predecessor[task];
        if (unmet[task] == 0) queue[tail++] = task;
    }
    std::array<index, Parts + 1> on_level{};
    while (head < tail) {
        const index task = queue[head++];
        ++on_level[graph.level[task]];
        for (index at = graph.first_successor[task]; at < graph.first_successor[task + 1]; ++at) {
            const index next = graph.successors[at];
            if (graph.level[next] <= graph.level[task]) graph.level[next] = graph.level[task] + 1;
            if (--unmet[next] == 0) queue[tail++] = next;
        }
    }
    graph.ordered = tail;
    if (tail != graph.tasks) return;
    index start = 0;
    for (index level = 0; level < graph.tasks && on_level[level] != 0; ++level) {
        graph.depth = level + 1;
        graph.width = std::max(graph.width, on_level[level]);
        start += std::exchange(on_level[level], start);
    }
    for (index task = 0; task < graph.tasks; ++task) graph.order[on_level[graph.level[task]]++] = task;
}

/// Builds the graph; names that are not found leave no edge (validation tells of them). Linear in parts and
/// links.
template <std::size_t Parts, std::size_t Links>
constexpr dependency_graph<Parts, Links> build(std::span<const part_row> parts) {
    dependency_graph<Parts, Links> graph;
    name_index<Parts> tasks;
    for (index at = 0; at < parts.size(); ++at) {
        if (parts[at].kind != part_kind::task) continue;
        tasks.add(parts[at].name, static_cast<index>(graph.tasks));
        graph.part_of[graph.tasks++] = at;
    }
    std::array<index, Parts> last_consumer{};  // of a producer: one edge however many references
    last_consumer.fill(absent);
    std::array<index, Parts + 1> fan_out{};
    index links = 0;
    index edges = 0;
    for (index task = 0; task < graph.tasks; ++task) {
        graph.first_link[task] = links;
        graph.first_predecessor[task] = edges;
        const auto link = [&](const named& name) {
            const index target = tasks.find(name);
            graph.link_target[links++] = target;
            if (target == absent || last_consumer[target] == task) return;
            last_consumer[target] = task;
            graph.predecessors[edges++] = target;
            ++fan_out[target];
        };
        const part_row& part = parts[graph.part_of[task]];
        for (const mention& reference : part.mentions) link(reference.task);
        part.names(modifier_kind::after, link);
        std::sort(graph.predecessors.begin() + graph.first_predecessor[task],
                  graph.predecessors.begin() + edges);
    }
    graph.first_link[graph.tasks] = links;
    graph.first_predecessor[graph.tasks] = edges;
    index start = 0;
    for (index task = 0; task <= graph.tasks; ++task) {
        graph.first_successor[task] = start;
        start += std::exchange(fan_out[task], start);
    }
    for (index task = 0; task < graph.tasks; ++task)
        for (index at = graph.first_predecessor[task]; at < graph.first_predecessor[task + 1]; ++at)
            graph.successors[fan_out[graph.predecessors[at]]++] = task;
    put_in_order(graph);
    return graph;
}

}  // namespace weft::graph
