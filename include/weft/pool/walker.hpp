// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/cursor.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace weft::pool {

/// The bodies of a graph's tasks: `bodies.template call<7>()` runs task 7.
template <class Bodies>
concept task_bodies = requires(Bodies& bodies) {
    bodies.template call<std::size_t{0}>();
};

/// Calls the tasks of a static graph in order. The calls are in blocks, so that the compiler inlines
/// sequences of bodies: a table of distinct function pointers costs 7 to 9 ns a call, this 1. One function
/// for all tasks would cost the optimizer more than linear time; with blocks of 32, 1,000 tasks compile in a
/// few seconds.
template <static_graph Graph, task_bodies Bodies>
class walker {
public:
    /// Runs tasks from position `from` on, to the end (true) or to the cursor's limit (false; `position` is
    /// the limit). Exceptions of a task propagate; `position` is then that of the task.
    static bool walk(void* bodies, cursor& at, index from) {
        auto& tasks = *static_cast<Bodies*>(bodies);
        for (std::size_t block = from / block_size; block < blocks.size(); ++block) {
            if (!blocks[block](tasks, at, from)) return false;
            from = static_cast<index>((block + 1) * block_size);
        }
        return true;
    }

private:
    static constexpr std::size_t block_size = 32;

    template <std::size_t Position>
    static bool step(Bodies& bodies, cursor& at) {
        if constexpr (Position < Graph::tasks) {
            if (!at.enter(Position)) return false;
            bodies.template call<std::size_t{layout_of<Graph>.task_at[Position]}>();
        }
        return true;
    }

    template <std::size_t First>
    static bool walk_block(Bodies& bodies, cursor& at, index from) {
#define WEFT_STEP(n)                                      \
    case n:                                               \
        if (!step<First + (n)>(bodies, at)) return false; \
        [[fallthrough]];
#define WEFT_STEPS(n) WEFT_STEP(n) WEFT_STEP(n + 1) WEFT_STEP(n + 2) WEFT_STEP(n + 3)
        switch (from - First) {
            WEFT_STEPS(0)
            WEFT_STEPS(4)
            WEFT_STEPS(8)
            WEFT_STEPS(12)
            WEFT_STEPS(16)
            WEFT_STEPS(20)
            WEFT_STEPS(24)
            WEFT_STEPS(28)
            default:
                return true;
        }
#undef WEFT_STEPS
#undef WEFT_STEP
    }

    using block_function = bool (*)(Bodies&, cursor&, index);
    static constexpr auto blocks = []<std::size_t... Block>(std::index_sequence<Block...>) {
        return std::array<block_function, sizeof...(Block)>{&walk_block<Block * block_size>...};
    }
    (std::make_index_sequence<(Graph::tasks + block_size - 1) / block_size>{});
};

}  // namespace weft::pool
