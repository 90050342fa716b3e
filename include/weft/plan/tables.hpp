// SPDX-License-Identifier: MIT
// plan: the lowered workflow, as plain rows.
// It knows the standard library only: no templates of the rooms above, no system calls of the rooms below.
// `lower` (or a builder at run time) fills the rows; the rooms that run, stage or draw read them.
#pragma once

#include <weft/plan/rows.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::plan {

/// A typed parameter, reduced to text.
struct parameter {
    /// Reads a value of the parameter's type from `text`, in the form in which users write it (`4GiB`,
    /// `1,2,3`), and writes it to `out` in the form that commands receive (`4294967296`); there each element
    /// of a list ends with a zero byte. For an invalid value returns false and writes the expected form to
    /// `out`.
    using reader = bool (*)(std::string_view text, std::string& out);

    std::string_view name;
    std::string type;  ///< name for users: "whole number", "text", "size"; for a list that of its elements
    std::vector<std::string> choices;  ///< all values, if they have names
    bool list = false;                 ///< several values: several words of a command
    bool path = false;                 ///< a file or directory, or several
    std::string_view description;
    std::string default_text;  ///< as users write it; meaningless if `required`
    bool required = true;
    reader read = nullptr;
};

/// Everything known about a workflow before it runs. The tables belong to the code that lowered the workflow
/// and outlive the view; those that depend only on names and commands are constants of the program.
struct view {
    std::string_view name;
    std::span<const task> tasks;
    std::span<const piece> pieces;
    std::span<const reference> references;
    std::span<const index> predecessors;
    std::span<const index> successors;
    std::span<const index> order;  ///< a topological order: by level, then by declaration
    std::span<const index> taken;  ///< parameters passed to functions, rows of `all_parameters`
    std::span<const std::string_view> paths;
    std::span<const std::string_view> hosts;
    std::span<const policy> policies;  ///< one per task
    std::span<const variable> environment;
    std::span<const parameter> parameters;      ///< set by users
    std::span<const parameter> all_parameters;  ///< `parameters`, then those bound to a value by a workflow
    std::size_t edges = 0;                      ///< distinct task-to-task edges
    index depth = 0;                            ///< levels
    index width = 0;                            ///< tasks on the widest level
};

/// The rows of `table` in the range `r`.
template <class Row>
constexpr std::span<const Row> rows(std::span<const Row> table, range r) {
    return table.subspan(r.first, r.count);
}

}  // namespace weft::plan
