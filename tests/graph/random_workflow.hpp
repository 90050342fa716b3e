// SPDX-License-Identifier: MIT
// Random workflows with all mistakes in their names, for tests of the graph against a simple reference.
#pragma once

#include <weft/graph/resolve.hpp>

#include <array>
#include <random>
#include <string_view>
#include <vector>

namespace weft_test {

using weft::graph::index;
using weft::graph::part_kind;

inline constexpr std::size_t most_tasks = 24;
inline constexpr std::size_t most_workflows = 4;

/// The target of a task's reference: the names as written.
struct written_reference {
    std::string_view workflow;
    std::string_view task;
    std::string_view path;
};

struct written_placeholder {
    std::string_view name;
    bool number;
};

/// A part in the form of its declaration.
struct written_part {
    part_kind kind{};
    index workflow = 0;
    std::string_view name;
    std::vector<written_reference> references;
    std::vector<std::string_view> after;
    std::string_view host;
    std::vector<std::string_view> promises;
    std::vector<written_placeholder> placeholders;
    int type = 0;  ///< of a parameter; 0 is a number
};

struct written_workflow {
    index parent = 0;
    std::string_view name;
    std::string_view declared;
};

/// Nested workflows and their parts. About one in three has no mistake.
struct random_workflow {
    std::vector<written_workflow> workflows;
    std::vector<written_part> parts;

    explicit random_workflow(unsigned seed) : random_(seed), careless_(seed % 3 != 0) {
        workflows.push_back({0, "year", "year"});
        const index nested = below(most_workflows);
        for (index at = 1; at <= nested; ++at)
            workflows.push_back(
                {below(at), slips() ? workflow_names[below(at)] : workflow_names[at], workflow_names[at]});
        for (index at = 0; at < workflows.size(); ++at) declare(at);
        const index tasks = 1 + below(most_tasks);
        for (index at = 0; at < tasks; ++at) add_task(at);
        for (written_part& part : parts)
            if (part.kind == part_kind::task) refer(part);
    }

private:
    static constexpr std::array<std::string_view, most_workflows + 1> workflow_names{
        "year", "winter", "spring", "summer", "autumn"};
    static constexpr std::array<std::string_view, most_tasks + 1> task_names{
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",   "m",
        "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "none"};
    static constexpr std::array<std::string_view, 3> parameters{"days", "start", "none"};
    static constexpr std::array<std::string_view, 3> hosts{"edge", "big", "none"};
    static constexpr std::array<std::string_view, 3> paths{"f", "d", "d/g"};

    index below(std::size_t count) { return static_cast<index>(random_() % count); }
    bool slips() { return careless_ && below(40) == 0; }

    void declare(index workflow) {
        for (const std::string_view name : {parameters[0], parameters[1]}) {
            if (below(3) == 0 && !careless_) continue;
            parts.push_back({part_kind::param, workflow, name, {}, {}, {}, {}, {}, slips() ? 1 : 0});
            if (slips()) parts.push_back(parts.back());
        }
        // Once: a nested workflow was checked at its declaration.
        for (const std::string_view name : {hosts[0], hosts[1]})
            if (below(2) == 0) parts.push_back({part_kind::host, workflow, name, {}, {}, {}, {}, {}, 0});
    }

    void add_task(index number) {
        written_part task{
            part_kind::task, below(workflows.size()), task_names[number], {}, {}, {}, {}, {}, 0};
        if (slips()) task.name = task_names[below(number + 1)];
        if (below(4) == 0) task.promises = {paths[0]};
        if (below(4) == 0) task.promises.push_back(paths[1]);
        parts.push_back(task);
    }

    void refer(written_part& task) {
        std::vector<const written_part*> producers;
        for (const written_part& part : parts) {
            // Valid references go backwards only, so that there is no cycle.
            if (&part == &task && !slips()) break;
            if (part.kind == part_kind::task) producers.push_back(&part);
        }
        for (index count = producers.empty() ? 0 : below(4); count > 0; --count) {
            const written_part& producer = *producers[below(producers.size())];
            written_reference to{{}, producer.name, paths[below(paths.size())]};
            if (!producer.promises.empty() && !slips()) to.path = producer.promises[0];
            if (producer.workflow != task.workflow) to.workflow = workflows[producer.workflow].name;
            if (slips()) to.task = task_names[below(task_names.size())];
            if (slips()) to.workflow = workflow_names[below(workflow_names.size())];
            if (reachable(task.workflow, producer.workflow) || slips()) task.references.push_back(to);
            if (producer.workflow == task.workflow && below(3) == 0) task.after.push_back(producer.name);
        }
        for (const written_part& part : parts) {
            if (part.kind == part_kind::host && part.workflow == task.workflow && below(3) == 0)
                task.host = slips() ? hosts[2] : part.name;
            if (part.kind == part_kind::param && part.workflow == task.workflow && below(3) == 0 &&
                (task.placeholders.empty() || task.placeholders.back().name != part.name))
                task.placeholders.push_back({slips() ? parameters[2] : part.name, below(2) == 0});
        }
    }

    /// A task of the same workflow, of a nested, sibling or enclosing one, or of one nested in these.
    bool reachable(index from, index to) const {
        for (;; from = workflows[from].parent) {
            if (to == from || (to != 0 && workflows[to].parent == from)) return true;
            if (from == 0) return false;
        }
    }

    std::mt19937 random_;
    bool careless_;
};

}  // namespace weft_test
