// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>
#include <weft/graph/problem.hpp>
#include <weft/text/name.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace weft::graph {

/// Puts mistakes into words; the validator, which finds them, drives it. It keeps the first.
class explainer {
public:
    constexpr explainer(std::string_view workflow, std::span<const part_row> parts)
        : workflow_(workflow), parts_(parts) {}

    constexpr bool silent() const { return !found_; }
    constexpr const problem& found() const { return found_; }

    constexpr message& tell(mistake what) {
        found_.what = what;
        found_.workflow = workflow_;
        return found_.text;
    }
    constexpr message& tell_of(const part_row& task, mistake what) {
        found_.task = task.name.name;
        return tell(what) << "task '" << found_.task << "' of workflow '" << workflow_ << "' ";
    }

    /// Adds "did you mean 'x'?" when a part of that kind has a name that is close to `name`.
    constexpr void suggest(part_kind kind, std::string_view name) {
        std::size_t least = name.size() / 3 + 2;
        for (const part_row& part : parts_) {
            const std::string_view other = part.name.name;
            if (part.kind != kind || name.size() >= other.size() + least ||
                other.size() >= name.size() + least)
                continue;
            const std::size_t distance = text::edit_distance(name, other);
            if (distance >= least || distance >= other.size()) continue;
            least = distance;
            found_.suggestion = other;
        }
        if (!found_.suggestion.empty()) found_.text << "; did you mean '" << found_.suggestion << "'?";
    }

    static constexpr std::string_view described(part_kind kind) {
        return kind == part_kind::task ? "a task" : kind == part_kind::host ? "a host" : "a parameter";
    }

    constexpr void invalid_name(std::string_view what, std::string_view name) {
        tell(mistake::invalid_name)
            << "'" << culprit{name} << "' cannot be the name of " << what << " (workflow '" << workflow_
            << "'): letters, digits and _ . + - are allowed, the first is a letter, a digit or _";
    }

    constexpr void duplicate(const part_row& part) {
        constexpr mistake twice[] = {mistake::duplicate_task, mistake::duplicate_host,
                                     mistake::duplicate_parameter};
        tell(twice[static_cast<std::size_t>(part.kind)])
            << "workflow '" << workflow_ << "' declares '" << culprit{part.name.name} << "' twice as "
            << described(part.kind) << ": give one of them another name";
    }

    /// What is wrong with a part by itself.
    constexpr void defective(const part_row& part) {
        const culprit word{part.wrong.culprit};
        switch (part.wrong.where) {
            case defect::place::none:
                return;
            case defect::place::name:
                return invalid_name(described(part.kind), word.text);
            case defect::place::variable:
                tell_of(part, mistake::invalid_name)
                    << "sets the environment variable '" << word
                    << "', which cannot be its name: letters, digits and _ are allowed, the first is no "
                       "digit";
                return;
            case defect::place::command:
                return command(part, word);
            case defect::place::output:
                if (part.wrong.error == text::command_error::path_leaves)
                    tell_of(part, mistake::path_leaves_directory)
                        << "names the output '" << word << "', which leaves its directory by '..'";
                else
                    tell_of(part, mistake::absolute_path)
                        << "names the output '" << word << "': outputs are paths relative to its directory";
        }
    }

    constexpr void unknown_task(const part_row& task, std::string_view name) {
        tell_of(task, mistake::unknown_task)
            << "refers to '" << culprit{name} << "', and there is no such task";
        suggest(part_kind::task, name);
    }

    constexpr void not_promised(const part_row& task, const part_row& producer, std::string_view path) {
        message& text = tell_of(task, mistake::output_not_promised)
                        << "refers to '" << culprit{path} << "', but task '" << producer.name.name
                        << "' promises only";
        std::string_view before = " ";
        producer.names(modifier_kind::outputs, [&](const named& promised) {
            text << before << "'" << promised.name << "'";
            before = ", ";
        });
    }

private:
    constexpr void command(const part_row& task, culprit word) {
        using enum text::command_error;
        switch (task.wrong.error) {
            case none:
                return;
            case empty:
                tell_of(task, mistake::empty_command) << "has an empty command: say what it shall run";
                return;
            case unbalanced_quotes:
                tell_of(task, mistake::unbalanced_quotes)
                    << "has a command with a quote or parenthesis that is not closed: " << word;
                return;
            case malformed_reference:
            case empty_path:
                tell_of(task, mistake::malformed_reference)
                    << "has the malformed reference '" << word << "': write workflow:///task/path";
                return;
            case absolute_path:
                tell_of(task, mistake::absolute_path)
                    << "has the reference '" << word << "' with an absolute path: paths are relative to the "
                    << "directory of the task that left the file";
                return;
            case path_leaves:
                tell_of(task, mistake::path_leaves_directory)
                    << "has the reference '" << word << "', which leaves the directory of its task by '..'";
                return;
            case shell_syntax_in_path:
                tell_of(task, mistake::malformed_reference)
                    << "has the reference '" << word << "' with a shell variable or backslash in it: files "
                    << "are staged before the shell runs; name the file, use a glob, or write %24 for a "
                    << "dollar sign, %5C for a backslash, %20 for a space";
                return;
            case unquotable_place:
                tell_of(task, mistake::unquotable_value)
                    << "has '" << word << "' where nothing can be quoted safely (a here-document, "
                    << "backquotes, ${ }, $'...' or arithmetic): put it into a variable before, x="
                    << word.text << ", and use that; $( ) does what backquotes do";
                return;
        }
    }

    std::string_view workflow_;
    std::span<const part_row> parts_;
    problem found_;
};

}  // namespace weft::graph
