// SPDX-License-Identifier: MIT
// Messages about references to tasks and to their files.
#pragma once

#include <weft/graph/explain.hpp>

namespace weft::graph {

constexpr void explainer::unknown_task(const part_row& task, std::string_view name, index scope) {
    name_task(task) << "refers to task '" << culprit{name} << "', which does not exist";
    suggest(part_kind::task, name, scope);
}

constexpr void explainer::mentioned(mistake kind, const part_row& part, const mention& reference) {
    const std::string_view whole = reference.whole.view();
    const index scope = scope_of(reference.workflow, part.scope);
    switch (kind) {
        case mistake::unknown_workflow: {
            const std::string_view name = reference.workflow.name.view();
            name_task(part) << "refers to '" << culprit{whole} << "', but there is no workflow '" << name
                            << "': write workflow:///task/path for a task of the same workflow";
            std::size_t least = name.size() / 3 + 2;
            for (index at = 1; at < scopes_.count; ++at)
                consider(scopes_.rows[at].name.name.view(), name, least);
            return propose();
        }
        case mistake::unknown_task:
            return unknown_task(part, reference.task.name.view(), scope);
        case mistake::self_reference:
            name_task(part) << "refers to itself by '" << culprit{whole}
                            << "': write the plain name of the file, which is in its working directory";
            return;
        default:
            for (const part_row& producer : parts_)
                if (producer.kind == part_kind::task && producer.scope == scope &&
                    producer.name == reference.task)
                    return not_promised(part, producer, whole);
    }
}

/// For a name in `after` or `from`: "plot", or "winter/plot" of a nested workflow.
constexpr void explainer::unknown_task_by_path(const part_row& task, std::string_view path) {
    const std::size_t slash = text::find_last(path, '/');
    if (slash == text::nowhere) return unknown_task(task, path, task.scope);
    const named workflow = name_of(path.substr(0, slash));
    const index scope = graph::scope_of(scopes_, workflow, task.scope);
    if (scope == absent)
        name_task(task) << "refers to '" << culprit{path} << "', whose workflow does not exist";
    else
        name_task(task) << "refers to task '" << culprit{path} << "', which does not exist";
    if (scope != absent) return suggest(part_kind::task, path.substr(slash + 1), scope);
    std::size_t least = workflow.name.size / 3 + 2;
    for (index at = 1; at < scopes_.count; ++at)
        consider(scopes_.rows[at].name.name.view(), workflow.name.view(), least);
    propose();
}

constexpr void explainer::after(mistake kind, const part_row& part, std::string_view name) {
    if (kind == mistake::unknown_task) return unknown_task_by_path(part, name);
    name_task(part) << "is declared to run after itself: remove after<\"" << culprit{name} << "\">";
}

constexpr void explainer::from(mistake kind, const part_row& part, std::string_view name) {
    if (kind == mistake::unknown_task) return unknown_task_by_path(part, name);
    if (kind == mistake::self_reference)
        name_task(part) << "takes its own value: remove from<\"" << culprit{name} << "\">";
    else
        name_task(part) << "takes the value of task '" << culprit{name}
                        << "', which is a command and returns none: take a file that it writes, file<\""
                        << name << "\", \"path\">";
}

constexpr void explainer::not_promised(const part_row& task, const part_row& producer,
                                       std::string_view path) {
    message& text = name_task(task) << "refers to '" << culprit{path} << "', but task '"
                                    << producer.path.view() << "' declares only these outputs:";
    std::string_view before = " ";
    producer.names(modifier_kind::outputs, [&](const named& promised) {
        text << before << "'" << promised.name.view() << "'";
        before = ", ";
    });
    text << "; add the path to outputs<>, or correct it";
}

constexpr void explainer::output(mistake kind, const part_row& part, std::string_view path) {
    if (kind == mistake::literal_placeholder) {
        const text::found_placeholder found = text::find_placeholder(path);
        name_task(part)
            << "has '" << culprit{path.substr(found.at, found.size)} << "' in the path '" << path
            << "', but inputs<>, outputs<> and collect<> do not replace placeholders: name the file, "
               "write * for the value, or write %7B for a brace";
        return;
    }
    if (kind == mistake::output_not_promised) return not_promised(part, part, path);
    name_task(part) << "has the output '" << culprit{path}
                    << (kind == mistake::path_leaves_directory
                            ? "', which leaves the task's directory: remove '..'"
                            : "', which is not a path in the task's directory: make it relative");
}

constexpr void explainer::cycle(list<index> path, const index* part_of) {
    const auto name = [&](index task) { return parts_.rows[part_of[task]].path.view(); };
    name_workflow("tasks of workflow '") << "' depend on each other: ";
    const std::size_t start = said_.size;
    for (const index task : path) said_ << name(task) << " -> ";
    said_ << name(path.rows[0]);
    said_.culprit = {start, said_.size - start};
    said_ << "; remove one of these references";
}

}  // namespace weft::graph
