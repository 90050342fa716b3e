// SPDX-License-Identifier: MIT
// The seven graphs as constants: weft runs them, and its peers are built from them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace graphs {

using index = std::uint32_t;

struct edge {
    index from;
    index to;
};

/// Compressed rows in both directions, and an order by level, then by number.
template <std::size_t Tasks, std::size_t Edges>
struct tables {
    index first_successor[Tasks + 1]{};
    index successors[Edges + 1]{};
    index first_predecessor[Tasks + 1]{};
    index predecessors[Edges + 1]{};
    index order[Tasks + 1]{};
};

/// `list` calls its argument with every edge.
template <std::size_t Tasks, std::size_t Edges, class List>
constexpr tables<Tasks, Edges> tabulate(List list) {
    tables<Tasks, Edges> to;
    list([&](edge e) { ++to.first_successor[e.from + 1], ++to.first_predecessor[e.to + 1]; });
    index out[Tasks + 1]{};
    index in[Tasks + 1]{};
    for (std::size_t task = 0; task < Tasks; ++task) {
        out[task + 1] = to.first_successor[task + 1] += to.first_successor[task];
        in[task + 1] = to.first_predecessor[task + 1] += to.first_predecessor[task];
    }
    list([&](edge e) { to.successors[out[e.from]++] = e.to, to.predecessors[in[e.to]++] = e.from; });

    index level[Tasks + 1]{};  // all edges lead upwards
    index starts[Tasks + 2]{};
    for (std::size_t task = 0; task < Tasks; ++task) {
        for (index row = to.first_predecessor[task]; row < to.first_predecessor[task + 1]; ++row)
            if (level[task] <= level[to.predecessors[row]]) level[task] = level[to.predecessors[row]] + 1;
        ++starts[level[task] + 1];
    }
    for (std::size_t at = 0; at < Tasks; ++at) starts[at + 1] += starts[at];
    for (index task = 0; task < Tasks; ++task) to.order[starts[level[task]]++] = task;
    return to;
}

template <class Shape, std::size_t Tasks, std::size_t Edges>
struct graph {
    static constexpr std::size_t tasks = Tasks;
    static constexpr std::size_t edges = Edges;
    static constexpr tables<Tasks, Edges> rows = tabulate<Tasks, Edges>([](auto add) { Shape::list(add); });
    static constexpr const index* first_successor = rows.first_successor;
    static constexpr const index* successors = rows.successors;
    static constexpr const index* first_predecessor = rows.first_predecessor;
    static constexpr const index* predecessors = rows.predecessors;
    static constexpr const index* order = rows.order;
};

/// A chain.
struct chain : graph<chain, 1000, 999> {
    static constexpr const char* name = "chain";
    static constexpr void list(auto add) {
        for (index task = 1; task < 1000; ++task) add(edge{task - 1, task});
    }
};

/// One task, 1,000 that depend on it, and one that depends on all of them.
struct fan : graph<fan, 1002, 2000> {
    static constexpr const char* name = "fan";
    static constexpr void list(auto add) {
        for (index task = 1; task <= 1000; ++task) add(edge{0, task}), add(edge{task, 1001});
    }
};

/// A binary tree.
struct tree : graph<tree, 1023, 1022> {
    static constexpr const char* name = "tree";
    static constexpr void list(auto add) {
        for (index task = 1; task < 1023; ++task) add(edge{(task - 1) / 2, task});
    }
};

/// 32 x 32; each task depends on its upper and its left neighbour.
struct wavefront : graph<wavefront, 1024, 2 * 31 * 32> {
    static constexpr const char* name = "wavefront";
    static constexpr void list(auto add) {
        for (index row = 0; row < 32; ++row)
            for (index column = 0; column < 32; ++column) {
                const index task = row * 32 + column;
                if (row > 0) add(edge{task - 32, task});
                if (column > 0) add(edge{task - 1, task});
            }
    }
};

/// 1,000 tasks with four predecessors each, drawn from all earlier ones.
struct random : graph<random, 1000, 6 + 4 * 996> {
    static constexpr const char* name = "random";
    static constexpr void list(auto add) {
        std::uint32_t state = 1;
        for (index task = 1; task < 1000; ++task) {
            index chosen[4]{};
            for (index count = 0; count < 4 && count < task;) {
                state = state * 1664525U + 1013904223U;
                const index candidate = (state >> 8) % task;
                bool fresh = true;
                for (index at = 0; at < count; ++at) fresh = fresh && chosen[at] != candidate;
                if (!fresh) continue;
                chosen[count++] = candidate;
                add(edge{candidate, task});
            }
        }
    }
};

struct diamond : graph<diamond, 4, 4> {
    static constexpr const char* name = "diamond";
    static constexpr void list(auto add) {
        add(edge{0, 1}), add(edge{0, 2}), add(edge{1, 3}), add(edge{2, 3});
    }
};

struct independent : graph<independent, 10000, 0> {
    static constexpr const char* name = "independent";
    static constexpr void list(auto) {}
};

}  // namespace graphs
