// SPDX-License-Identifier: MIT
#pragma once

#include <weft/pool/graph_run.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace tests {

using weft::pool::index;

/// A random graph in the form that the executor otherwise gets from constants. Tasks are numbered along the
/// edges and then shuffled, so that numbers and order differ.
struct drawn_graph {
    static constexpr std::size_t most_tasks = 80;
    static constexpr std::size_t most_edges = most_tasks * (most_tasks - 1) / 2;

    index tasks = 0;
    std::vector<index> first_successor, successors, first_predecessor, predecessors, order;
    weft::pool::layout_tables<most_tasks, most_edges> layout;

    drawn_graph(index count, std::vector<std::pair<index, index>> edges) : tasks(count) {
        for (index task = 0; task < tasks; ++task) order.push_back(task);
        build(std::move(edges));
    }

    drawn_graph(index count, double density, std::mt19937& random) : tasks(count) {
        for (index task = 0; task < tasks; ++task) order.push_back(task);
        std::shuffle(order.begin(), order.end(), random);
        std::vector<std::pair<index, index>> edges;
        std::bernoulli_distribution is_edge(density);
        for (index to = 0; to < tasks; ++to)
            for (index from = 0; from < to; ++from)
                if (is_edge(random)) edges.emplace_back(order[from], order[to]);
        build(std::move(edges));
    }

    auto successors_of(index task) const { return row(first_successor, successors, task); }
    auto predecessors_of(index task) const { return row(first_predecessor, predecessors, task); }

    /// `task` and all its descendants.
    std::vector<bool> from_on(index task) const {
        std::vector<bool> reached(tasks);
        reached[task] = true;
        for (const index next : order)
            for (const index before : predecessors_of(next))
                if (reached[before]) reached[next] = true;
        return reached;
    }

private:
    static std::vector<index> row(const std::vector<index>& first, const std::vector<index>& all,
                                  index task) {
        return {all.begin() + first[task], all.begin() + first[task + 1]};
    }

    void build(std::vector<std::pair<index, index>> edges) {
        const auto fill = [&](std::vector<index>& first, std::vector<index>& all) {
            std::sort(edges.begin(), edges.end());
            for (const auto& [from, to] : edges) all.push_back(to);
            for (index task = 0; task <= tasks; ++task) {
                const auto found = std::lower_bound(edges.begin(), edges.end(), std::pair{task, index{0}});
                first.push_back(static_cast<index>(found - edges.begin()));
            }
        };
        fill(first_successor, successors);
        for (auto& [from, to] : edges) std::swap(from, to);
        fill(first_predecessor, predecessors);
        layout.tasks = tasks;
        weft::pool::lay_out(*this, layout);
    }
};

/// Runs a random graph and checks that each task runs at most once a run, after all its predecessors.
/// Counters are plain integers, so that the thread sanitizer detects a run that does not order memory.
class watched_run {
public:
    std::function<void(index)> body = [](index) {};

    watched_run(weft::pool::workers& pool, const drawn_graph& graph)
        : graph_(graph), ran_(graph.tasks), run_(pool, graph.layout.view(), &walk, this) {}

    bool run() { return ++runs_, run_.run(); }
    bool run(const std::stop_token& stop) { return ++runs_, run_.run(stop); }

    /// The number of tasks that ran in the last run.
    index ran() const { return static_cast<index>(std::count(ran_.begin(), ran_.end(), runs_)); }
    bool has_run(index task) const { return ran_[task] == runs_; }
    bool in_order() const { return disorder_ == 0; }
    weft::pool::graph_run& graph_run() { return run_; }

private:
    static bool walk(void* self, weft::pool::cursor& at, index from) {
        auto& run = *static_cast<watched_run*>(self);
        for (index position = from; position < run.graph_.tasks; ++position) {
            if (!at.enter(position)) return false;
            run.call(run.graph_.layout.task_at[position]);
        }
        return true;
    }

    void call(index task) {
        if (ran_[task] == runs_) ++disorder_;
        for (const index before : graph_.predecessors_of(task))
            if (ran_[before] != runs_) ++disorder_;
        ran_[task] = runs_;
        body(task);
    }

    const drawn_graph& graph_;
    std::vector<unsigned> ran_;
    unsigned runs_ = 0;
    std::atomic<unsigned> disorder_{0};
    weft::pool::graph_run run_;
};

/// Blocks two tasks until both have begun, so that two threads are in the run.
class meeting {
public:
    void operator()() {
        ++arrived_;
        while (arrived_ % 2 != 0) std::this_thread::yield();
    }

private:
    std::atomic<unsigned> arrived_{0};
};

/// Keeps the processor busy for a while.
inline void spin(unsigned rounds) {
    for (unsigned left = rounds; left != 0; --left) asm volatile("" : : "r"(left));
}

}  // namespace tests
