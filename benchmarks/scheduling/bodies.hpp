// SPDX-License-Identifier: MIT
// The bodies of the tasks, the same for every contender.
#pragma once

#include "graphs.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace bodies {

using graphs::index;

inline std::uint32_t ran[10000];  // how often each task ran

/// Increments a counter in a way that no compiler removes or merges.
struct empty {
    static constexpr const char* name = "empty";
    static void run(index task) {
        ++ran[task];
        asm volatile("" : : : "memory");
    }
};

/// Iterations of a loop that take a microsecond on this machine, the best of several measurements.
inline const std::uint32_t rounds_per_microsecond = [] {
    using clock = std::chrono::steady_clock;
    constexpr std::uint32_t rounds = 1000000;
    auto best = clock::duration::max();
    for (int again = 0; again < 20; ++again) {
        const auto start = clock::now();
        for (std::uint32_t left = rounds; left != 0; --left) asm volatile("" : : "r"(left));
        best = std::min(best, clock::now() - start);
    }
    return static_cast<std::uint32_t>(rounds / std::chrono::duration<double, std::micro>(best).count());
}();

/// Works for a microsecond, then counts.
struct microsecond {
    static constexpr const char* name = "1us";
    static void run(index task) {
        for (std::uint32_t left = rounds_per_microsecond; left != 0; --left) asm volatile("" : : "r"(left));
        empty::run(task);
    }
};

/// Checks that a contender runs each task once, after all its predecessors.
template <class Graph>
struct checked {
    static inline std::atomic<std::uint32_t> runs_of[Graph::tasks];
    static inline std::atomic<std::uint32_t> disorder;
    static void run(index task) {
        const std::uint32_t run = runs_of[task].fetch_add(1, std::memory_order_relaxed) + 1;
        for (index row = Graph::first_predecessor[task]; row < Graph::first_predecessor[task + 1]; ++row)
            if (runs_of[Graph::predecessors[row]].load(std::memory_order_relaxed) != run) ++disorder;
        for (index row = Graph::first_successor[task]; row < Graph::first_successor[task + 1]; ++row)
            if (runs_of[Graph::successors[row]].load(std::memory_order_relaxed) != run - 1) ++disorder;
    }
    static inline std::uint32_t runs = 0;  // of all contenders
    static bool hold() {
        bool as_often = disorder == 0;
        for (const auto& count : runs_of) as_often = as_often && count == runs;
        return as_often;
    }
};

}  // namespace bodies
