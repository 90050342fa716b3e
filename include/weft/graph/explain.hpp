// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/cycle.hpp>
#include <weft/graph/message.hpp>
#include <weft/graph/problem.hpp>
#include <weft/text/name.hpp>

#include <string_view>

namespace weft::graph {

/// Writes the messages of the mistakes that the validator found.
class explainer {
public:
    constexpr explainer(list<part_row> parts, list<scope_row> scopes)
        : parts_(parts), scopes_(scopes), flow_(scopes.rows[0].name.name.view()) {}

    /// `resolved` and `graph` belong to the same parts.
    template <graph_sizes Sizes>
    constexpr message explain(const problem& one, const resolved_parts<Sizes>& resolved,
                              const dependency_graph<Sizes>& graph) {
        if (one.what == mistake::cycle)
            cycle(find_cycles(graph).path(one.item), resolved.part_of);
        else
            explain(one, parts_.rows[one.part]);
        return said_;
    }

    /// The message of the first reference to a possible sibling workflow; empty without such a reference.
    template <graph_sizes Sizes>
    constexpr message explain_open(const resolved_parts<Sizes>& resolved) {
        for (index task = 0; resolved.open && said_.size == 0; ++task) {
            const part_row& part = parts_.rows[resolved.part_of[task]];
            for (index item = 0; item < part.mentions.count && said_.size == 0; ++item)
                if (resolved.link_scope[resolved.first_link[task] + item] == absent)
                    mentioned(mistake::unknown_workflow, part, part.mentions.rows[item]);
        }
        return said_;
    }

private:
    using place = problem::place;

    constexpr void explain(const problem& one, const part_row& part) {
        switch (one.where) {
            case place::workflow:
                return workflow(one.what, scopes_.rows[one.part]);
            case place::part:
                return of_part(one.what, part, one.item);
            case place::command:
                return command(part, {part.culprit.view()});
            case place::mention:
                return mentioned(one.what, part, part.mentions.rows[one.item]);
            case place::from:
                return from(one.what, part, name_in(part, modifier_kind::from, one.item));
            case place::after:
                return after(one.what, part, name_in(part, modifier_kind::after, one.item));
            case place::output:
                return output(one.what, part, modifier_name(part, one.item));
            case place::variable:
                name_task(part)
                    << "sets the environment variable '" << culprit{modifier_name(part, one.item)}
                    << "', which is not a valid name: use letters, digits and _, and do not begin "
                       "with a digit";
                return;
            case place::placeholder:
                return placed(one.what, part, part.placeholders.rows[one.item].name.name.view());
        }
    }

    constexpr message& name_workflow(std::string_view before) {
        said_.workflow = (said_ << before).put(flow_);
        return said_;
    }
    constexpr message& name_task(const part_row& task) {
        said_.task = (said_ << "task '").put(task.path.view());
        return name_workflow("' of workflow '") << "' ";
    }

    // explain_names.hpp
    constexpr void suggest(part_kind kind, std::string_view name, index scope);
    constexpr void consider(std::string_view other, std::string_view name, std::size_t& least);
    constexpr void propose();
    static constexpr std::string_view described(part_kind kind);
    static constexpr std::string_view name_in(const part_row& part, modifier_kind kind, index item);
    static constexpr std::string_view modifier_name(const part_row& part, index item);
    constexpr void invalid_name(std::string_view kind, std::string_view name);
    constexpr void workflow(mistake kind, const scope_row& scope);
    constexpr void of_part(mistake kind, const part_row& part, index item);

    // explain_references.hpp
    constexpr void unknown_task(const part_row& task, std::string_view name, index scope);
    constexpr void mentioned(mistake kind, const part_row& part, const mention& reference);
    constexpr void unknown_task_by_path(const part_row& task, std::string_view path);
    constexpr void after(mistake kind, const part_row& part, std::string_view name);
    constexpr void from(mistake kind, const part_row& part, std::string_view name);
    constexpr void not_promised(const part_row& task, const part_row& producer, std::string_view path);
    constexpr void output(mistake kind, const part_row& part, std::string_view path);
    constexpr void cycle(list<index> path, const index* part_of);

    // explain_commands.hpp
    constexpr void placed(mistake kind, const part_row& part, std::string_view name);
    constexpr void write_braces(std::string_view name);
    constexpr void evaluated(const part_row& task, text::shell_place where, std::string_view open,
                             std::string_view word, std::string_view close);
    constexpr void command(const part_row& task, culprit word);

    constexpr index scope_of(const named& workflow, index scope) const {
        return workflow.name.size == 0 ? scope : graph::scope_of(scopes_, workflow, scope);
    }

    list<part_row> parts_;
    list<scope_row> scopes_;
    std::string_view flow_;
    std::string_view nearest_{};
    message said_{};
};

/// The messages of all problems.
struct messages {
    message all[problems::most]{};
};

template <graph_sizes Sizes>
constexpr messages explain(const problems& found, list<part_row> parts, list<scope_row> scopes,
                           const resolved_parts<Sizes>& resolved, const dependency_graph<Sizes>& graph) {
    messages result;
    for (index i = 0; i < found.count; ++i)
        result.all[i] = explainer(parts, scopes).explain(found.all[i], resolved, graph);
    if (found.omitted != 0) result.all[found.count - 1] << " (further errors omitted; fix these first)";
    return result;
}

}  // namespace weft::graph

#include <weft/graph/explain_commands.hpp>
#include <weft/graph/explain_names.hpp>
#include <weft/graph/explain_references.hpp>
