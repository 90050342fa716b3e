// SPDX-License-Identifier: MIT
// Of references to tasks, and of the files that those leave.
#pragma once

#include <weft/graph/explain.hpp>

namespace weft::graph {

constexpr void explainer::unknown_task(const part_row& task, std::string_view name, index scope) {
    tell_of(task) << "refers to '" << culprit{name} << "', and there is no such task";
    suggest(part_kind::task, name, scope);
}

constexpr void explainer::mentioned(mistake what, const part_row& part, const mention& reference) {
    const std::string_view whole = reference.whole.view();
    const index scope = scope_of(reference.workflow, part.scope);
    switch (what) {
        case mistake::unknown_workflow: {
            const std::string_view name = reference.workflow.name.view();
            tell_of(part) << "refers to '" << culprit{whole} << "': there is no workflow '" << name
                          << "' in it; write workflow:///task/path for a task of its own";
            std::size_t least = name.size() / 3 + 2;
            for (index at = 1; at < scopes_.count; ++at)
                consider(scopes_.rows[at].name.name.view(), name, least);
            return propose();
        }
        case mistake::unknown_task:
            return unknown_task(part, reference.task.name.view(), scope);
        case mistake::self_reference:
            tell_of(part) << "refers to itself: '" << culprit{whole}
                          << "'; its own files are in its working directory";
            return;
        default:
            for (const part_row& producer : parts_)
                if (producer.kind == part_kind::task && producer.scope == scope &&
                    producer.name == reference.task)
                    return not_promised(part, producer, whole);
    }
}

/// Of a name in `after` or `from`: "plot", or "winter/plot" of a nested workflow.
constexpr void explainer::unknown_task_by_path(const part_row& task, std::string_view path) {
    const std::size_t slash = text::find_last(path, '/');
    if (slash == text::nowhere) return unknown_task(task, path, task.scope);
    const named workflow = name_of(path.substr(0, slash));
    const index scope = graph::scope_of(scopes_, workflow, task.scope);
    tell_of(task) << "refers to '" << culprit{path} << "', and there is no such ";
    said_ << (scope == absent ? "workflow" : "task");
    if (scope != absent) return suggest(part_kind::task, path.substr(slash + 1), scope);
    std::size_t least = workflow.name.size / 3 + 2;
    for (index at = 1; at < scopes_.count; ++at)
        consider(scopes_.rows[at].name.name.view(), workflow.name.view(), least);
    propose();
}

constexpr void explainer::after(mistake what, const part_row& part, std::string_view name) {
    if (what == mistake::unknown_task) return unknown_task_by_path(part, name);
    tell_of(part) << "shall run after itself: take after<\"" << culprit{name} << "\"> away";
}

constexpr void explainer::from(mistake what, const part_row& part, std::string_view name) {
    if (what == mistake::unknown_task) return unknown_task_by_path(part, name);
    if (what == mistake::self_reference)
        tell_of(part) << "takes its own value: take from<\"" << culprit{name} << "\"> away";
    else
        tell_of(part) << "takes the value of '" << culprit{name}
                      << "', which is a command and returns none: only functions return values";
}

constexpr void explainer::not_promised(const part_row& task, const part_row& producer,
                                       std::string_view path) {
    message& text = tell_of(task) << "refers to '" << culprit{path} << "', but task '" << producer.path.view()
                                  << "' promises only";
    std::string_view before = " ";
    producer.names(modifier_kind::outputs, [&](const named& promised) {
        text << before << "'" << promised.name.view() << "'";
        before = ", ";
    });
}

constexpr void explainer::output(mistake what, const part_row& part, std::string_view path) {
    if (what == mistake::literal_placeholder) {
        const text::found_placeholder found = text::find_placeholder(path);
        tell_of(part)
            << "has '" << culprit{path.substr(found.at, found.size)} << "' in the path '" << path
            << "', where no value is put in for it: inputs<>, outputs<> and collect<> take paths "
               "and globs as they stand; name the file, or write * for the value (and %7B for a { that "
               "is meant)";
        return;
    }
    if (what == mistake::output_not_promised) return not_promised(part, part, path);
    tell_of(part) << "names the output '" << culprit{path}
                  << (what == mistake::path_leaves_directory
                          ? "', which leaves its directory by '..'"
                          : "': outputs are paths relative to its directory");
}

constexpr void explainer::cycle(list<index> path, const index* part_of) {
    const auto name = [&](index task) { return parts_.rows[part_of[task]].path.view(); };
    name_workflow("tasks of workflow '") << "' wait for each other: ";
    const std::size_t start = said_.size;
    for (const index task : path) said_ << name(task) << " -> ";
    said_ << name(path.rows[0]);
    said_.culprit = {start, said_.size - start};
    said_ << ": remove one of these references";
}

}  // namespace weft::graph
