// SPDX-License-Identifier: MIT
// Of commands, and of the values in them.
#pragma once

#include <weft/graph/explain.hpp>

namespace weft::graph {

constexpr void explainer::placed(mistake what, const part_row& part, std::string_view name) {
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
                  << (part.function ? "\">" : "}}") << ", and there is no parameter of that name: declare it "
                  << "with param<\"" << name << "\", type>";
    if (!part.function) write_braces(name);
    suggest(part_kind::param, name, part.scope);
}

/// For what is another program's: a template of Go's or Jinja's.
constexpr void explainer::write_braces(std::string_view name) {
    said_ << ", or write {{{{" << name << "}} for the text {{" << name << "}}";
}

/// A value, or a path, where the shell would read it again.
constexpr void explainer::evaluated(const part_row& task, text::shell_place where, std::string_view open,
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

constexpr void explainer::command(const part_row& task, culprit word) {
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
            said_ << "has a command that bash and other shells read in different ways (a quote in "
                     "\"${x:-'...'}\", or a here-document whose text begins behind the ) of its $( )): put "
                     "that into a variable before: "
                  << word;
            return;
        case malformed_reference:
        case empty_path:
            said_ << "has the malformed reference '" << word << "': write workflow:///task/path";
            return;
        case absolute_path:
            said_ << "has the reference '" << word << "' with an absolute path: paths are relative to the "
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

}  // namespace weft::graph
