// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/cycle.hpp>
#include <weft/graph/message.hpp>
#include <weft/graph/problem.hpp>
#include <weft/text/name.hpp>

#include <string_view>

namespace weft::graph {

/// Puts the mistakes that the validator found into words.
class explainer {
public:
    constexpr explainer(list<part_row> parts, list<scope_row> scopes)
        : parts_(parts), scopes_(scopes), flow_(scopes.rows[0].name.name.view()) {}

    /// `resolved` and `graph` are those of the same parts.
    template <graph_sizes Sizes>
    constexpr message explain(const problem& one, const resolved_parts<Sizes>& resolved,
                              const dependency_graph<Sizes>& graph) {
        if (one.what == mistake::cycle)
            cycle(find_cycles(graph).path(one.item), resolved.part_of);
        else
            explain(one, parts_.rows[one.part]);
        return said_;
    }

    /// The first reference to a workflow that may be beside this one; without any, an empty message.
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
                tell_of(part) << "sets the environment variable '" << culprit{modifier_name(part, one.item)}
                              << "', which cannot be its name: letters, digits and _ are allowed, the first "
                                 "is no digit";
                return;
            case place::placeholder:
                return placed(one.what, part, part.placeholders.rows[one.item].name.name.view());
        }
    }

    constexpr message& name_workflow(std::string_view before) {
        said_.workflow = (said_ << before).put(flow_);
        return said_;
    }
    constexpr message& tell_of(const part_row& task) {
        said_.task = (said_ << "task '").put(task.path.view());
        return name_workflow("' of workflow '") << "' ";
    }

    /// Adds "did you mean 'x'?" when a part of that kind and workflow has a name that is close to `name`.
    constexpr void suggest(part_kind kind, std::string_view name, index scope) {
        std::size_t least = name.size() / 3 + 2;
        for (const part_row& part : parts_)
            if (part.kind == kind && (part.scope == scope || kind == part_kind::host))
                consider(part.name.name.view(), name, least);
        propose();
    }
    constexpr void consider(std::string_view other, std::string_view name, std::size_t& least) {
        if (name.size() >= other.size() + least || other.size() >= name.size() + least) return;
        const std::size_t distance = text::edit_distance(name, other);
        if (distance >= least || distance >= other.size()) return;
        least = distance;
        nearest_ = other;
    }
    constexpr void propose() {
        if (nearest_.empty()) return;
        said_.suggestion = (said_ << "; did you mean '").put(nearest_);
        said_ << "'?";
    }

    static constexpr std::string_view described(part_kind kind) {
        return kind == part_kind::task ? "a task" : kind == part_kind::host ? "a host" : "a parameter";
    }
    static constexpr std::string_view name_in(const part_row& part, modifier_kind kind, index item) {
        std::string_view found;
        part.names(kind, [&](const named& name) {
            if (item-- == 0) found = name.name.view();
        });
        return found;
    }
    static constexpr std::string_view modifier_name(const part_row& part, index item) {
        for (const modifier_row& modifier : part.modifiers) {
            if (item < modifier.names.count) return modifier.names.rows[item].name.view();
            item -= modifier.names.count;
        }
        return {};
    }

    constexpr void invalid_name(std::string_view what, std::string_view name) {
        said_ << "'" << culprit{name} << "' cannot be the name of " << what;
        name_workflow(" (workflow '")
            << "'): letters, digits and _ . + - are allowed, the first is a letter, a digit or _";
    }

    constexpr void workflow(mistake what, const scope_row& scope) {
        const std::string_view name = scope.name.name.view();
        if (what == mistake::invalid_name) return invalid_name("a workflow", name);
        if (what == mistake::undeclared_parameter) {
            name_workflow("workflow '")
                << "' binds '" << culprit{scope.unbound.view()} << "' of its nested workflow '" << name
                << "', which has no parameter of that name";
            return;
        }
        name_workflow("workflow '")
            << "' has '" << culprit{name}
            << "' twice among its tasks and nested workflows: give this one another name with as<\"...\">";
    }

    constexpr void of_part(mistake what, const part_row& part, index item) {
        const std::string_view name = part.name.name.view();
        switch (what) {
            case mistake::invalid_name:
                return invalid_name(described(part.kind), name);
            case mistake::unknown_host: {
                const std::string_view host = modifier_name(part, item);
                tell_of(part) << "runs on '" << culprit{host}
                              << "', which is not declared: declare it with host<\"" << host << "\">";
                return suggest(part_kind::host, host, part.scope);
            }
            case mistake::function_on_host:
                tell_of(part) << "is a function of this process and cannot run on '"
                              << culprit{modifier_name(part, item)} << "': take on<\""
                              << modifier_name(part, item) << "\"> away, or make it a command";
                return;
            case mistake::undeclared_parameter:
                name_workflow("workflow '")
                    << "' binds parameter '" << name << "' of its nested workflow '"
                    << scopes_.rows[part.scope].name.name.view() << "' to '"
                    << culprit{part.alias.name.view()} << "', and it has no parameter of that name";
                return suggest(part_kind::param, part.alias.name.view(), scopes_.rows[part.scope].parent);
            case mistake::parameter_types_differ:
                said_ << "parameter '" << culprit{name} << "' of nested workflow '"
                      << scopes_.rows[part.scope].name.name.view() << "' has another type than ";
                name_workflow("that of workflow '")
                    << "' which it is: give both one type, or bind it with<\"" << name << "\">(value)";
                return;
            default:
                said_.workflow = (said_ << "workflow '").put(scopes_.rows[part.scope].name.name.view());
                said_ << "' declares '" << culprit{name} << "' twice as " << described(part.kind)
                      << ": give one of them another name";
        }
    }

    constexpr void unknown_task(const part_row& task, std::string_view name, index scope) {
        tell_of(task) << "refers to '" << culprit{name} << "', and there is no such task";
        suggest(part_kind::task, name, scope);
    }

    constexpr void mentioned(mistake what, const part_row& part, const mention& reference) {
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
    constexpr void unknown_task_by_path(const part_row& task, std::string_view path) {
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

    constexpr void after(mistake what, const part_row& part, std::string_view name) {
        if (what == mistake::unknown_task) return unknown_task_by_path(part, name);
        tell_of(part) << "shall run after itself: take after<\"" << culprit{name} << "\"> away";
    }

    constexpr void from(mistake what, const part_row& part, std::string_view name) {
        if (what == mistake::unknown_task) return unknown_task_by_path(part, name);
        if (what == mistake::self_reference)
            tell_of(part) << "takes its own value: take from<\"" << culprit{name} << "\"> away";
        else
            tell_of(part) << "takes the value of '" << culprit{name}
                          << "', which is a command and returns none: only functions return values";
    }

    constexpr void not_promised(const part_row& task, const part_row& producer, std::string_view path) {
        message& text = tell_of(task) << "refers to '" << culprit{path} << "', but task '"
                                      << producer.path.view() << "' promises only";
        std::string_view before = " ";
        producer.names(modifier_kind::outputs, [&](const named& promised) {
            text << before << "'" << promised.name.view() << "'";
            before = ", ";
        });
    }

    constexpr void output(mistake what, const part_row& part, std::string_view path) {
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

    constexpr void placed(mistake what, const part_row& part, std::string_view name) {
        if (what == mistake::unquotable_value) {
            for (const placeholder& used : part.placeholders)
                if (used.name.name.view() == name) return evaluated(part, used.place, "{{", name, "}}");
        }
        if (what == mistake::several_words) {
            tell_of(part) << "has the list {{" << culprit{name}
                          << "}} where a shell takes one word (an assignment, a redirection, case, [ ]): "
                          << "write \"{{" << name << "}}\" for its elements in one word, or an array, x=( {{"
                          << name << "}} )";
            return;
        }
        if (what == mistake::self_reference) {
            tell_of(part) << "uses its own value {{" << culprit{name} << "}}: a task has none before it ran";
            return;
        }
        if (what == mistake::no_value) {
            tell_of(part) << "uses {{" << culprit{name}
                          << "}}, which is a command and returns none: refer to a file that it leaves, "
                          << "workflow:///" << name << "/path";
            return;
        }
        tell_of(part) << "uses " << (part.function ? "value<\"" : "{{") << culprit{name}
                      << (part.function ? "\">" : "}}")
                      << ", and there is no parameter of that name: declare it "
                      << "with param<\"" << name << "\", type>";
        if (!part.function) write_braces(name);
        suggest(part_kind::param, name, part.scope);
    }

    /// For what is another program's: a template of Go's or Jinja's.
    constexpr void write_braces(std::string_view name) {
        said_ << ", or write {{{{" << name << "}} for the text {{" << name << "}}";
    }

    /// A value, or a path, where the shell would read it again.
    constexpr void evaluated(const part_row& task, text::shell_place where, std::string_view open,
                             std::string_view word, std::string_view close) {
        using enum text::shell_place;
        tell_of(task) << "has " << open << culprit{word} << close;
        const auto say = [&](std::string_view before, std::string_view after) {
            said_ << before << open << word << close << after;
        };
        switch (where) {
            case arithmetic:
                said_ << " in arithmetic, where only a number is safe";
                break;
            case bracket:
                said_ << " between [ and ], an array's index or a pattern, where only a number is safe";
                break;
            case pattern:
                return say(
                    " to the right of ==, != or =~ in [[ ]], which some shells read as a pattern: write "
                    "[ \"$x\" = ",
                    " ]");
            case tilde:
                said_ << " after ~, where it would say whose home directory is meant: write the path";
                return;
            case name:
                return say(
                    " where a builtin takes a variable's name or an option (read, unset, declare, for, test, "
                    "printf): write the name itself; printf '%s' ",
                    " prints a value");
            case script:
                return say(
                    " in the script of a shell's -c, which runs it as code: give it as an argument, "
                    "sh -c 'echo \"$1\"' sh ",
                    "");
            default:
                return say(
                    " where a shell runs it as code (eval, trap, alias, PS4 or the like): put it into a "
                    "variable before, x=",
                    ", and write \"$x\" between single quotes there");
        }
        if (!open.empty()) said_ << ": declare it with param<\"" << word << "\", int>";
    }

    constexpr void command(const part_row& task, culprit word) {
        using enum text::command_error;
        if (task.error == unquotable_place && task.place != text::shell_place::words)
            return evaluated(task, task.place, "", word.text, "");
        tell_of(task);
        switch (task.error) {
            case none:
                return;
            case empty:
                said_ << "has an empty command: say what it shall run";
                return;
            case unbalanced_quotes:
                said_ << "has a command with a quote or parenthesis that is not closed: " << word;
                return;
            case nested_too_deep:
                said_ << "has a command that is nested more than 32 levels deep, or has more than 16 "
                         "here-documents in a line: put a part of it into a script: "
                      << word;
                return;
            case read_differently:
                said_
                    << "has a command that bash and other shells read in different ways (a quote in "
                       "\"${x:-'...'}\", or a here-document whose text begins behind the ) of its $( )): put "
                       "that into a variable before: "
                    << word;
                return;
            case malformed_reference:
            case empty_path:
                said_ << "has the malformed reference '" << word << "': write workflow:///task/path";
                return;
            case absolute_path:
                said_ << "has the reference '" << word
                      << "' with an absolute path: paths are relative to the "
                      << "directory of the task that left the file";
                return;
            case path_leaves:
                said_ << "has the reference '" << word << "', which leaves the directory of its task by '..'";
                return;
            case shell_syntax_in_path:
                said_ << "has the reference '" << word << "' with a shell variable or backslash in it: files "
                      << "are staged before the shell runs; name the file, use a glob, or write %24 for a "
                      << "dollar sign, %5C for a backslash, %20 for a space";
                return;
            case one_word_place:
                said_ << "has '" << word << "', which may be several files, where a shell takes one word (an "
                      << "assignment, a redirection, case, [ ]): name one file, or write an array, x=( "
                      << word.text << " )";
                return;
            case literal_placeholder:
                said_ << "has a placeholder in the path '" << word
                      << "' of file<>, where no value is put in for it: name the file, or write * for the "
                         "value";
                return;
            case unquotable_place: {
                // Of a placeholder the name alone is at fault.
                const bool reference = word.text.starts_with("workflow:");
                const std::string_view open = reference ? "" : "{{";
                const std::string_view close = reference ? "" : "}}";
                said_ << "has '" << open << word << close << "' where nothing can be quoted safely (a "
                      << "here-document, backquotes, ${ }, $'...' or arithmetic): put it into a variable "
                         "before, x="
                      << open << word.text << close << ", and use that; $( ) does what backquotes do";
                if (!reference) write_braces(word.text);
                return;
            }
        }
    }

    constexpr void cycle(list<index> path, const index* part_of) {
        const auto name = [&](index task) { return parts_.rows[part_of[task]].path.view(); };
        name_workflow("tasks of workflow '") << "' wait for each other: ";
        const std::size_t start = said_.size;
        for (const index task : path) said_ << name(task) << " -> ";
        said_ << name(path.rows[0]);
        said_.culprit = {start, said_.size - start};
        said_ << ": remove one of these references";
    }

    constexpr index scope_of(const named& workflow, index scope) const {
        return workflow.name.size == 0 ? scope : graph::scope_of(scopes_, workflow, scope);
    }

    list<part_row> parts_;
    list<scope_row> scopes_;
    std::string_view flow_;
    std::string_view nearest_{};
    message said_{};
};

/// The sentences of problems.
struct messages {
    message all[problems::most]{};
};

template <graph_sizes Sizes>
constexpr messages explain(const problems& found, list<part_row> parts, list<scope_row> scopes,
                           const resolved_parts<Sizes>& resolved, const dependency_graph<Sizes>& graph) {
    messages told;
    for (index at = 0; at < found.count; ++at)
        told.all[at] = explainer(parts, scopes).explain(found.all[at], resolved, graph);
    if (found.untold != 0) told.all[found.count - 1] << " (more mistakes are not shown: mend these first)";
    return told;
}

}  // namespace weft::graph
