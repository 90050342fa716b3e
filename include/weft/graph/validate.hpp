// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/covers.hpp>
#include <weft/graph/cycle.hpp>
#include <weft/graph/problem.hpp>
#include <weft/text/name.hpp>

#include <string_view>

namespace weft::graph {

/// Finds the mistakes of a declared workflow. Plain code over rows: the same in a constant evaluation, in a
/// test at run time, and for graphs built at run time. It reports positions; explain.hpp writes the messages.
template <graph_sizes Sizes>
class validator {
public:
    constexpr validator(list<part_row> parts, list<scope_row> scopes, const resolved_parts<Sizes>& resolved)
        : parts_(parts), scopes_(scopes), resolved_(resolved) {}

    constexpr problems check(const dependency_graph<Sizes>& graph) {
        check_scopes();
        for (index part = 0; part < parts_.count; ++part) check_part(parts_.rows[part], part);
        for (index task = 0; task < resolved_.tasks; ++task) {
            const index part = resolved_.part_of[task];
            check_mentions(parts_.rows[part], part, task);
            if (parts_.rows[part].placeholders.count != 0) check_placeholders(parts_.rows[part], part, task);
            if (parts_.rows[part].modifiers.count == 0) continue;  // the usual case
            check_order(parts_.rows[part], part, task);
            check_modifiers(parts_.rows[part], part, task);
        }
        if (graph.ordered != graph.tasks)
            for (index cycle = 0, count = find_cycles(graph).count; cycle < count; ++cycle)
                found_.add({mistake::cycle, problem::place::workflow, 0, cycle});
        return found_;
    }

private:
    using place = problem::place;

    constexpr void check_scopes() {
        for (index scope = 0; scope < scopes_.count; ++scope) {
            const scope_row& row = scopes_.rows[scope];
            if (!text::is_name(row.name.name.view()))
                found_.add({mistake::invalid_name, place::workflow, scope, 0});
            bool twice = false;
            for (index other = 1; other < scope; ++other)
                twice = twice ||
                        (scopes_.rows[other].parent == row.parent && scopes_.rows[other].name == row.name);
            // The directories of tasks and of nested workflows are siblings.
            for (index at = 0; scope != 0 && at < resolved_.tasks; ++at) {
                const part_row& task = parts_.rows[resolved_.part_of[at]];
                twice = twice || (task.scope == row.parent && task.name == row.name);
            }
            if (twice) found_.add({mistake::duplicate_workflow, place::workflow, scope, 0});
            if (row.unbound.size != 0) found_.add({mistake::undeclared_parameter, place::workflow, scope, 0});
        }
    }

    /// Checks a part by itself.
    constexpr void check_part(const part_row& part, index at) {
        constexpr mistake twice[] = {mistake::duplicate_task, mistake::duplicate_host,
                                     mistake::duplicate_parameter};
        if (part.misnamed) found_.add({mistake::invalid_name, place::part, at, 0});
        if (resolved_.duplicate[at])
            found_.add({twice[static_cast<std::size_t>(part.kind)], place::part, at, 0});
        if (part.error != text::command_error::none)
            found_.add({mistake_of(part.error), place::command, at, 0});
        if (part.kind == part_kind::param && part.scope != 0) {
            const index source = resolved_.source_of[at];
            if (source == absent)
                found_.add({mistake::undeclared_parameter, place::part, at, 0});
            else if (parts_.rows[source].type != part.type)
                found_.add({mistake::parameter_types_differ, place::part, at, 0});
        }
    }

    static constexpr mistake mistake_of(text::command_error error) {
        switch (error) {
            case text::command_error::none:
                return mistake::none;
            case text::command_error::empty:
                return mistake::empty_command;
            case text::command_error::unbalanced_quotes:
            case text::command_error::nested_too_deep:
            case text::command_error::read_differently:
                return mistake::unbalanced_quotes;
            case text::command_error::absolute_path:
                return mistake::absolute_path;
            case text::command_error::path_leaves:
                return mistake::path_leaves_directory;
            case text::command_error::unquotable_place:
                return mistake::unquotable_value;
            case text::command_error::one_word_place:
                return mistake::several_words;
            case text::command_error::literal_placeholder:
                return mistake::literal_placeholder;
            case text::command_error::malformed_reference:
            case text::command_error::empty_path:
            case text::command_error::shell_syntax_in_path:
                break;
        }
        return mistake::malformed_reference;
    }

    constexpr void check_mentions(const part_row& part, index at, index task) {
        for (index item = 0; item < part.mentions.count; ++item) {
            const index target = resolved_.link_target[resolved_.first_link[task] + item];
            // Any file of a task without declared outputs is allowed, the usual case.
            if (target == absent || target == task ||
                parts_.rows[resolved_.part_of[target]].modifiers.count != 0)
                check_mention(part.mentions.rows[item], {mistake::none, place::mention, at, item}, task,
                              resolved_.first_link[task] + item);
        }
    }

    constexpr void check_mention(const mention& reference, problem found, index task, index link) {
        const index target = resolved_.link_target[link];
        if (target == absent) {
            // A workflow without nested ones may itself be nested beside the one that it names.
            if (resolved_.link_scope[link] != absent)
                found.what = mistake::unknown_task;
            else if (!resolved_.open)
                found.what = mistake::unknown_workflow;
        } else if (target == task) {
            found.what = mistake::self_reference;
        } else if (!is_promised(parts_.rows[resolved_.part_of[target]],
                                {reference.path.view(), !reference.glob, reference.glob})) {
            found.what = mistake::output_not_promised;
        }
        if (found.what != mistake::none) found_.add(found);
    }

    /// Checks the names of other tasks outside of commands.
    constexpr void check_order(const part_row& part, index at, index task) {
        index link = resolved_.first_link[task] + part.mentions.count;
        index item = 0;
        if (part.function) {
            part.names(modifier_kind::from, [&](const named&) {
                const index target = resolved_.link_target[link++];
                mistake what = mistake::none;
                if (target == absent)
                    what = mistake::unknown_task;
                else if (target == task)
                    what = mistake::self_reference;
                else if (!parts_.rows[resolved_.part_of[target]].function)
                    what = mistake::no_value;
                if (what != mistake::none) found_.add({what, place::from, at, item});
                ++item;
            });
            item = 0;
        }
        part.names(modifier_kind::after, [&](const named&) {
            const index target = resolved_.link_target[link++];
            if (target == absent) found_.add({mistake::unknown_task, place::after, at, item});
            if (target == task) found_.add({mistake::self_reference, place::after, at, item});
            ++item;
        });
    }

    /// A task without declared outputs may write any file.
    static constexpr bool is_promised(const part_row& producer, const wanted_path& path) {
        bool promises = false;
        bool covered = false;
        producer.names(modifier_kind::outputs, [&](const named& promised) {
            promises = true;
            covered = covered || covers(as_written(promised.name.view()), path);
        });
        // Files that the engine writes need no declaration.
        return !promises || covered || path.text.starts_with(".weft/");
    }

    constexpr void check_placeholders(const part_row& part, index at, index task) {
        index item = resolved_.first_placeholder[task];
        for (const placeholder& used : part.placeholders) {
            const index declared = resolved_.placeholder_part[item];
            mistake what = mistake::none;
            if (declared == absent)
                what = mistake::undeclared_parameter;
            else if (declared == at)
                what = mistake::self_reference;
            else if (parts_.rows[declared].kind == part_kind::task && !parts_.rows[declared].function)
                what = mistake::no_value;
            else if (text::is_evaluated(used.place) && !parts_.rows[declared].number)
                what = mistake::unquotable_value;
            else if (used.one_word && parts_.rows[declared].several)
                what = mistake::several_words;
            if (what != mistake::none)
                found_.add({what, place::placeholder, at, item - resolved_.first_placeholder[task]});
            ++item;
        }
    }

    constexpr void check_modifiers(const part_row& part, index at, index task) {
        for (index modifier = 0; modifier < part.modifiers.count; ++modifier) {
            const modifier_row& row = part.modifiers.rows[modifier];
            for (const named& one : row.names) {
                mistake what = mistake::none;
                place where = place::output;
                if (row.kind == modifier_kind::on) {
                    where = place::part;
                    if (part.function)
                        what = mistake::function_on_host;
                    else if (resolved_.host_of[task] == absent)
                        what = mistake::unknown_host;
                } else if (row.kind == modifier_kind::env) {
                    where = place::variable;
                    if (!text::is_identifier(one.name.view())) what = mistake::invalid_name;
                } else if (takes_paths(row.kind) && text::find_placeholder(one.name.view()).size != 0) {
                    what = mistake::literal_placeholder;
                } else if (row.kind == modifier_kind::outputs || row.kind == modifier_kind::collect) {
                    const text::command_error wrong = text::check_path(one.name.view());
                    if (wrong == text::command_error::path_leaves)
                        what = mistake::path_leaves_directory;
                    else if (wrong != text::command_error::none)
                        what = mistake::absolute_path;
                    else if (row.kind == modifier_kind::collect &&
                             !is_promised(part, as_written(one.name.view())))
                        what = mistake::output_not_promised;
                }
                // The index of a name counts all names of the task's modifiers.
                if (what != mistake::none) found_.add({what, where, at, number_of(part, modifier, one)});
            }
        }
    }

    static constexpr index number_of(const part_row& part, index modifier, const named& one) {
        index number = 0;
        for (index before = 0; before < modifier; ++before) number += part.modifiers.rows[before].names.count;
        return number + static_cast<index>(&one - part.modifiers.rows[modifier].names.rows);
    }

    list<part_row> parts_;
    list<scope_row> scopes_;
    const resolved_parts<Sizes>& resolved_;
    problems found_{};
};

}  // namespace weft::graph
