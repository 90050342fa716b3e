// SPDX-License-Identifier: MIT
// Messages about commands and the values in them.
#pragma once

#include <weft/graph/explain.hpp>

namespace weft::graph {

constexpr void explainer::placed(mistake kind, const part_row& part, std::string_view name) {
    if (kind == mistake::unquotable_value) {
        for (const placeholder& used : part.placeholders)
            if (used.name.name.view() == name) return evaluated(part, used.place, "{{", name, "}}");
    }
    if (kind == mistake::several_words) {
        name_task(part) << "has the list {{" << culprit{name}
                        << "}} where a shell takes one word (an assignment, a redirection, case, [ ]): "
                        << "write \"{{" << name << "}}\" for all elements in one word, or an array, x=( {{"
                        << name << "}} )";
        return;
    }
    if (kind == mistake::self_reference) {
        name_task(part) << "uses its own value {{" << culprit{name}
                        << "}}, which exists only after it has run: remove it";
        return;
    }
    if (kind == mistake::no_value) {
        name_task(part) << "uses {{" << culprit{name} << "}}, but task '" << name
                        << "' is a command and returns no value: refer to a file that it writes, "
                        << "workflow:///" << name << "/path";
        return;
    }
    name_task(part) << "uses " << (part.function ? "value<\"" : "{{") << culprit{name}
                    << (part.function ? "\">" : "}}") << ", which is not declared: declare param<\"" << name
                    << "\", type>";
    if (!part.function) write_braces(name);
    suggest(part_kind::param, name, part.scope);
}

/// For braces that are meant for another program, such as a template of Go or Jinja.
constexpr void explainer::write_braces(std::string_view name) {
    said_ << ", or write {{{{" << name << "}} for the text {{" << name << "}}";
}

/// A value or a path in a position where the shell evaluates it again.
constexpr void explainer::evaluated(const part_row& task, text::shell_place where, std::string_view open,
                                    std::string_view word, std::string_view close) {
    using enum text::shell_place;
    name_task(task) << "has " << open << culprit{word} << close;
    const auto surround = [&](std::string_view before, std::string_view after) {
        said_ << before << open << word << close << after;
    };
    switch (where) {
        case arithmetic:
            said_ << " in arithmetic, where only a number is safe";
            break;
        case bracket:
            said_ << " between [ and ], in an array index or a pattern, where only a number is safe";
            break;
        case pattern:
            return surround(
                " to the right of ==, != or =~ in [[ ]], which some shells read as a pattern: write "
                "[ \"$x\" = ",
                " ]");
        case tilde:
            said_ << " after ~, where a shell reads it as the name of a user: write the path";
            return;
        case name:
            return surround(
                " where a builtin takes a variable's name or an option (read, unset, declare, for, test, "
                "printf): write the name itself; printf '%s' ",
                " prints a value");
        case script:
            return surround(
                " in the script of a shell's -c, which runs it as code: pass it as an argument, "
                "sh -c 'echo \"$1\"' sh ",
                "");
        default:
            return surround(
                " where a shell runs it as code (eval, trap, alias, PS4 or similar): assign it to a "
                "variable first, x=",
                ", and write \"$x\" in single quotes there");
    }
    if (!open.empty()) said_ << ": declare it with param<\"" << word << "\", int>";
}

constexpr void explainer::command(const part_row& task, culprit word) {
    using enum text::command_error;
    if (task.error == unquotable_place && task.place != text::shell_place::words)
        return evaluated(task, task.place, "", word.text, "");
    name_task(task);
    switch (task.error) {
        case none:
            return;
        case empty:
            said_ << "has an empty command: write the command that it runs";
            return;
        case unbalanced_quotes:
            said_ << "has a command with a quote or parenthesis that is not closed; close or quote it: "
                  << word;
            return;
        case nested_too_deep:
            said_ << "has a command with more than 32 levels of nesting, or more than 16 here-documents in a "
                     "line; move a part of it to a script: "
                  << word;
            return;
        case read_differently:
            said_ << "has a command that bash and other shells parse differently (a quote in "
                     "\"${x:-'...'}\", or a here-document whose text begins after the ) of its $( )); put "
                     "the ambiguous part into a variable: "
                  << word;
            return;
        case malformed_reference:
        case empty_path:
            said_ << "has the malformed reference '" << word << "': write workflow:///task/path";
            return;
        case absolute_path:
            said_ << "has the reference '" << word << "' with an absolute path: make it relative to the "
                  << "directory of the task that writes the file";
            return;
        case path_leaves:
            said_ << "has the reference '" << word
                  << "', which leaves the directory of its task: "
                     "refer to the task that writes the file";
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
                  << "' of file<>, which does not replace placeholders: name the file, or write * for "
                     "the value";
            return;
        case unquotable_place: {
            // The culprit of a placeholder is its name without braces.
            const bool reference = word.text.starts_with("workflow:");
            const std::string_view open = reference ? "" : "{{";
            const std::string_view close = reference ? "" : "}}";
            said_ << "has '" << open << word << close << "' where no quoting is safe (a "
                  << "here-document, backquotes, ${ }, $'...' or arithmetic): assign it to a variable "
                     "first, x="
                  << open << word.text << close << ", and use that; write $( ) instead of backquotes";
            if (!reference) write_braces(word.text);
            return;
        }
    }
}

}  // namespace weft::graph
