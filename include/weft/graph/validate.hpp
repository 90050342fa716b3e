// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/cycle.hpp>
#include <weft/graph/explain.hpp>
#include <weft/text/glob.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace weft::graph {

/// Whether `promised` covers `path`: is it, is something above or below it, or matches it.
constexpr bool covers(std::string_view promised, std::string_view path) {
    const auto is_below = [](std::string_view inner, std::string_view outer) {
        return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
    };
    return promised == path || is_below(path, promised) || is_below(promised, path) ||
           text::matches_glob(promised, path) || text::matches_glob(path, promised);
}

/// Looks for the first mistake of a declared workflow. Plain code over rows: the same in a constant
/// evaluation, in a test at run time, and for graphs that are made at run time.
class validator {
public:
    constexpr validator(std::string_view workflow, std::span<const part_row> parts)
        : workflow_(workflow), parts_(parts), say_(workflow, parts) {}

    template <graph_sizes Sizes>
    constexpr problem check(const resolved_parts<Sizes>& resolved, const dependency_graph<Sizes>& graph) {
        if (!text::is_name(workflow_)) say_.invalid_name("a workflow", workflow_);
        for (std::size_t at = 0; at < parts_.size() && say_.silent(); ++at)
            if (parts_[at].wrong.where != defect::place::none) say_.defective(parts_[at]);
        if (resolved.duplicate != absent && say_.silent()) say_.duplicate(parts_[resolved.duplicate]);
        for (index task = 0; task < graph.tasks && say_.silent(); ++task) {
            const part_row& part = parts_[resolved.part_of[task]];
            check_links(resolved, part, task);
            check_placeholders(resolved, part, task);
            if (!part.modifiers.empty()) check_modifiers(resolved, part, task);
        }
        if (graph.ordered != graph.tasks && say_.silent()) {
            const auto path = find_cycle(graph);
            const auto name = [&](index at) { return parts_[resolved.part_of[path.tasks[at]]].name.name; };
            message& text = say_.tell(mistake::cycle)
                            << "tasks of workflow '" << workflow_ << "' wait for each other: ";
            const std::size_t start = text.size;
            for (index at = 0; at < path.length; ++at) text << name(at) << " -> ";
            text << name(0);
            text.culprit_start = start;
            text.culprit_size = text.size - start;
            text << ": remove one of these references";
        }
        return say_.found();
    }

private:
    template <graph_sizes Sizes>
    constexpr void check_links(const resolved_parts<Sizes>& resolved, const part_row& part, index task) {
        index link = resolved.first_link[task];
        for (const mention& reference : part.mentions) {
            const index target = resolved.link_target[link++];
            if (!say_.silent()) return;
            if (!reference.workflow.empty() && reference.workflow != workflow_)
                say_.tell_of(part, mistake::unknown_workflow)
                    << "refers to '" << culprit{reference.whole} << "': there is no workflow '"
                    << reference.workflow << "' in it; write workflow:///task/path for a task of its own";
            else if (target == absent)
                say_.unknown_task(part, reference.task.name);
            else if (target == task)
                say_.tell_of(part, mistake::self_reference)
                    << "refers to itself: '" << culprit{reference.whole}
                    << "'; its own files are in its working directory";
            else
                check_promise(part, parts_[resolved.part_of[target]], reference.path, reference.whole);
        }
        part.names(modifier_kind::after, [&](const named& name) {
            const index target = resolved.link_target[link++];
            if (!say_.silent()) return;
            if (target == absent)
                say_.unknown_task(part, name.name);
            else if (target == task)
                say_.tell_of(part, mistake::self_reference)
                    << "shall run after itself: take after<\"" << culprit{name.name} << "\"> away";
        });
    }

    /// A task that promises nothing may leave anything.
    constexpr void check_promise(const part_row& part, const part_row& producer, const named& path,
                                 std::string_view whole) {
        // What the engine itself leaves needs no promise.
        if (producer.modifiers.empty() || path.name.starts_with(".weft/")) return;
        bool promises = false;
        bool covered = false;
        producer.names(modifier_kind::outputs, [&](const named& promised) {
            promises = true;
            covered = covered || promised.hash == path.hash || covers(promised.name, path.name);
        });
        if (promises && !covered) say_.not_promised(part, producer, whole);
    }

    template <graph_sizes Sizes>
    constexpr void check_placeholders(const resolved_parts<Sizes>& resolved, const part_row& part,
                                      index task) {
        index at = resolved.first_placeholder[task];
        for (const placeholder& used : part.placeholders) {
            const index declared = resolved.placeholder_part[at++];
            const std::string_view name = used.name.name;
            if (!say_.silent()) return;
            if (declared == absent) {
                say_.tell_of(part, mistake::undeclared_parameter)
                    << "uses {{" << culprit{name} << "}}, and there is no parameter of that name: declare it "
                    << "with param<\"" << name << "\", type>";
                say_.suggest(part_kind::param, name);
            } else if (used.number && !parts_[declared].number) {
                say_.tell_of(part, mistake::unquotable_value)
                    << "has {{" << culprit{name} << "}} in arithmetic, where only a number is safe: declare "
                    << "it with param<\"" << name << "\", int>, or put it into a variable before";
            }
        }
    }

    template <graph_sizes Sizes>
    constexpr void check_modifiers(const resolved_parts<Sizes>& resolved, const part_row& part, index task) {
        part.names(modifier_kind::on, [&](const named& name) {
            if (!say_.silent() || resolved.host_of[task] != absent) return;
            say_.tell_of(part, mistake::unknown_host)
                << "runs on '" << culprit{name.name} << "', which is not declared: declare it with host<\""
                << name.name << "\">";
            say_.suggest(part_kind::host, name.name);
        });
        part.names(modifier_kind::collect, [&](const named& path) {
            if (say_.silent()) check_promise(part, part, path, path.name);
        });
    }

    std::string_view workflow_;
    std::span<const part_row> parts_;
    explainer say_;
};

}  // namespace weft::graph
