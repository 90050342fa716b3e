// SPDX-License-Identifier: MIT
// oneTBB: its flow graph, and a task group with hand-written counters.
#pragma once

#include "bodies.hpp"

#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

namespace contenders {

using graphs::index;

/// One `continue_node` per task.
template <class Graph, class Body, class Policy>
class tbb_flow_graph {
public:
    static constexpr unsigned batch = 1;
    explicit tbb_flow_graph(unsigned threads)
        : limit_(tbb::global_control::max_allowed_parallelism, threads), arena_(static_cast<int>(threads)) {
        arena_.execute([&] {
            graph_ = std::make_unique<tbb::flow::graph>();
            for (index task = 0; task < Graph::tasks; ++task)
                nodes_.emplace_back(*graph_, [task](message) { Body::run(task); });
            for (index task = 0; task < Graph::tasks; ++task) {
                for (index row = Graph::first_successor[task]; row < Graph::first_successor[task + 1]; ++row)
                    tbb::flow::make_edge(nodes_[task], nodes_[Graph::successors[row]]);
                if (Graph::first_predecessor[task] == Graph::first_predecessor[task + 1])
                    sources_.push_back(task);
            }
        });
    }
    void run() {
        arena_.execute([&] {
            for (const index source : sources_) nodes_[source].try_put(message());
            graph_->wait_for_all();
        });
    }

private:
    using message = tbb::flow::continue_msg;
    tbb::global_control limit_;
    tbb::task_arena arena_;
    std::unique_ptr<tbb::flow::graph> graph_;
    std::deque<tbb::flow::continue_node<message, Policy>> nodes_;
    std::vector<index> sources_;
};

template <class Graph, class Body>
struct tbb_flow : tbb_flow_graph<Graph, Body, tbb::flow::queueing> {
    static constexpr const char* name = "tbb flow_graph";
    using tbb_flow_graph<Graph, Body, tbb::flow::queueing>::tbb_flow_graph;
};

template <class Graph, class Body>
struct tbb_flow_light : tbb_flow_graph<Graph, Body, tbb::flow::lightweight> {
    static constexpr const char* name = "tbb flow_graph light";
    using tbb_flow_graph<Graph, Body, tbb::flow::lightweight>::tbb_flow_graph;
};

/// A careful hand-written version: counters of predecessors; the first ready successor runs at once, the
/// others go to the group.
template <class Graph, class Body>
class tbb_group {
public:
    static constexpr const char* name = "tbb task_group";
    static constexpr unsigned batch = 1;
    explicit tbb_group(unsigned threads)
        : limit_(tbb::global_control::max_allowed_parallelism, threads),
          arena_(static_cast<int>(threads)),
          unmet_(Graph::tasks) {}
    void run() {
        arena_.execute([&] {
            for (index task = 0; task < Graph::tasks; ++task)
                unmet_[task].store(Graph::first_predecessor[task + 1] - Graph::first_predecessor[task],
                                   std::memory_order_relaxed);
            for (index task = 0; task < Graph::tasks; ++task)
                if (Graph::first_predecessor[task] == Graph::first_predecessor[task + 1])
                    group_.run([this, task] { run_from(task); });
            group_.wait();
        });
    }

private:
    void run_from(index task) {
        while (true) {
            Body::run(task);
            bool found = false;
            index next = 0;
            for (index row = Graph::first_successor[task]; row < Graph::first_successor[task + 1]; ++row) {
                const index successor = Graph::successors[row];
                if (unmet_[successor].fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
                if (found)
                    group_.run([this, successor] { run_from(successor); });
                else
                    next = successor, found = true;
            }
            if (!found) return;
            task = next;
        }
    }

    tbb::global_control limit_;
    tbb::task_arena arena_;
    tbb::task_group group_;
    std::vector<std::atomic<index>> unmet_;
};

}  // namespace contenders
