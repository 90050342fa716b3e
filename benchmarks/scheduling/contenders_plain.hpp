// SPDX-License-Identifier: MIT
// The minimum: no scheduler at all. And weft.
#pragma once

#include "bodies.hpp"

#include <weft/pool/prepared_graph.hpp>

#include <array>
#include <future>
#include <utility>
#include <vector>

namespace contenders {

using graphs::index;

/// Calls written one after the other, in order; in blocks, which compile faster.
template <class Graph, class Body>
class direct {
public:
    static constexpr const char* name = "direct";
    static constexpr unsigned batch = 1;
    explicit direct(unsigned) {}
    void run() {
        for (const auto block : blocks) block();
    }

private:
    static constexpr std::size_t size = 50;
    template <std::size_t First>
    static void call_block() {
        [&]<std::size_t... At>(std::index_sequence<At...>) {
            (call<First + At>(), ...);
        }
        (std::make_index_sequence<size>{});
    }
    template <std::size_t Position>
    static void call() {
        if constexpr (Position < Graph::tasks) Body::run(Graph::rows.order[Position]);
    }
    static constexpr auto blocks = []<std::size_t... Block>(std::index_sequence<Block...>) {
        return std::array<void (*)(), sizeof...(Block)>{&call_block<Block * size>...};
    }
    (std::make_index_sequence<(Graph::tasks + size - 1) / size>{});
};

/// A table of functions and arguments, walked in order.
template <class Graph, class Body>
class table {
public:
    static constexpr const char* name = "table";
    static constexpr unsigned batch = 1;
    explicit table(unsigned) {
        for (std::size_t at = 0; at < Graph::tasks; ++at) rows_.push_back({&Body::run, Graph::order[at]});
        asm volatile("" : : "r"(rows_.data()) : "memory");
    }
    void run() {
        for (const row& r : rows_) r.function(r.task);
    }

private:
    struct row {
        void (*function)(index);
        index task;
    };
    std::vector<row> rows_;
};

template <class Graph, class Body>
class weft_executor {
public:
    static constexpr const char* name = "weft";
    static constexpr unsigned batch = 1;
    explicit weft_executor(unsigned threads) : pool_(threads), flow_(pool_, calls_) {}
    void run() {
        if (!flow_.run()) std::abort();
    }

private:
    struct calls {
        template <std::size_t Task>
        void call() {
            Body::run(Task);
        }
    };
    calls calls_;
    weft::pool::workers pool_;
    weft::pool::prepared_graph<Graph, calls> flow_;
};

/// A future per task, which waits for those of its predecessors.
template <class Graph, class Body>
class async {
public:
    static constexpr const char* name = "std::async";
    static constexpr unsigned batch = 1;
    explicit async(unsigned) : done_(Graph::tasks) {}
    void run() {
        for (std::size_t at = 0; at < Graph::tasks; ++at) {
            const index task = Graph::order[at];
            done_[task] = std::async(std::launch::async, [this, task] {
                for (index row = Graph::first_predecessor[task]; row < Graph::first_predecessor[task + 1];
                     ++row)
                    done_[Graph::predecessors[row]].wait();
                Body::run(task);
            });
        }
        for (const auto& task : done_) task.wait();
    }

private:
    std::vector<std::shared_future<void>> done_;
};

}  // namespace contenders
