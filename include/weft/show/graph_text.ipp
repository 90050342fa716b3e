// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/graph_text.hpp>
#include <weft/show/log.hpp>

#include <functional>
#include <string_view>

namespace weft::show {

namespace detail {

/// `text` on one line, with each character of `special` replaced by its escape.
WEFT_INLINE std::string escaped(std::string_view text, std::string_view special,
                                const std::function<std::string(char)>& escape) {
    std::string result;
    for (const char c : printable(text)) {
        if (special.find(c) == special.npos)
            result += c;
        else
            result += escape(c);
    }
    return result;
}

/// Graphviz interprets HTML entities in every text.
WEFT_INLINE std::string dot_text(std::string_view text) {
    const auto escape = [](char c) { return c == '&' ? std::string("&amp;") : std::string("\\") + c; };
    return '"' + escaped(text, "\"\\&", escape) + '"';
}

/// Mermaid has no backslash escapes, only numeric entities.
WEFT_INLINE std::string mermaid_text(std::string_view text) {
    return '"' +
           escaped(text, "\"#&<>`\\|",
                   [](char c) { return '#' + std::to_string(static_cast<unsigned char>(c)) + ';'; }) +
           '"';
}

/// Calls `each(from, to, paths)` per edge, in order; `paths` are the staged paths; empty for an edge from
/// `after` only.
WEFT_INLINE void each_edge(const plan::view& plan,
                           const std::function<void(plan::index, plan::index, const std::string&)>& each) {
    for (plan::index to = 0; to < plan.tasks.size(); ++to)
        for (const plan::index from : plan::rows(plan.predecessors, plan.tasks[to].predecessors)) {
            std::string paths;
            for (const plan::reference& row : plan::rows(plan.references, plan.tasks[to].references))
                if (row.producer == from) paths += (paths.empty() ? "" : ", ") + std::string(row.path);
            each(from, to, paths);
        }
}

/// Calls `group(host)`, then `task(index)` for each of its tasks, then `end()`. Tasks of this machine come
/// first, without a group.
WEFT_INLINE void each_task_by_host(const plan::view& plan, const std::function<void(plan::index)>& group,
                                   const std::function<void(plan::index)>& task,
                                   const std::function<void()>& end) {
    const auto tasks_of = [&](plan::index host) {
        for (const plan::index at : plan.order)
            if (plan.tasks[at].host == host) task(at);
    };
    tasks_of(plan::none);
    for (plan::index host = 0; host < plan.hosts.size(); ++host) {
        group(host);
        tasks_of(host);
        end();
    }
}

}  // namespace detail

WEFT_INLINE std::string dot(const plan::view& plan) {
    std::string text = "digraph " + detail::dot_text(plan.name) +
                       " {\n  rankdir=LR;\n  label=" + detail::dot_text(plan.name) +
                       ";\n  labelloc=t;\n  node [shape=box, style=rounded];\n";
    std::string indent = "  ";
    detail::each_task_by_host(
        plan,
        [&](plan::index host) {
            text += "  subgraph " + detail::dot_text("cluster_" + std::string(plan.hosts[host])) +
                    " {\n    label=" + detail::dot_text(plan.hosts[host]) + ";\n";
            indent = "    ";
        },
        [&](plan::index task) { text += indent + detail::dot_text(plan.tasks[task].name) + ";\n"; },
        [&] {
            text += "  }\n";
            indent = "  ";
        });
    detail::each_edge(plan, [&](plan::index from, plan::index to, const std::string& paths) {
        text += "  " + detail::dot_text(plan.tasks[from].name) + " -> " +
                detail::dot_text(plan.tasks[to].name) +
                (paths.empty() ? " [style=dashed]" : " [label=" + detail::dot_text(paths) + ']') + ";\n";
    });
    return text + "}\n";
}

WEFT_INLINE std::string mermaid(const plan::view& plan) {
    std::string text = "flowchart LR\n";
    std::string indent = "  ";
    // Ids are numbers, since a task may have the name of a Mermaid keyword such as `end`.
    const auto id = [](plan::index task) { return 't' + std::to_string(task); };
    detail::each_task_by_host(
        plan,
        [&](plan::index host) {
            text +=
                "  subgraph h" + std::to_string(host) + '[' + detail::mermaid_text(plan.hosts[host]) + "]\n";
            indent = "    ";
        },
        [&](plan::index task) {
            text += indent + id(task) + '(' + detail::mermaid_text(plan.tasks[task].name) + ")\n";
        },
        [&] {
            text += "  end\n";
            indent = "  ";
        });
    detail::each_edge(plan, [&](plan::index from, plan::index to, const std::string& paths) {
        text += "  " + id(from) + (paths.empty() ? " -.-> " : " -->|" + detail::mermaid_text(paths) + "| ") +
                id(to) + '\n';
    });
    return text;
}

}  // namespace weft::show
