// SPDX-License-Identifier: MIT
// plan: the lowered workflow, as plain rows.
// It knows the standard library only: no template comes in from above, no system call from below.
// `lower` (or a builder at run time) fills the rows; everything that runs, stages or draws reads them.
#pragma once

#include <weft/plan/rows.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::plan {

/// A typed parameter, seen through its text.
struct parameter {
    /// Reads a value of the parameter's type from `text`, as a person writes it (`4GiB`, `1,2,3`), and writes
    /// it to `out` as commands get it (`4294967296`); each element of a list ends with a zero byte there. On
    /// a value that does not fit returns false and says in `out` what was expected.
    using reader = bool (*)(std::string_view text, std::string& out);

    std::string_view name;
    std::string type;  ///< as a person reads it: "whole number", "text", "size"; of a list's elements
    std::vector<std::string> choices;  ///< all values there are, if they have names
    bool list = false;                 ///< several values: several words of a command
    bool path = false;                 ///< of a file or directory, or of several
    std::string_view description;
    std::string default_text;  ///< as a person writes it; meaningless when `required`
    bool required = true;
    reader read = nullptr;
};

/// Everything that is known about a workflow before it runs. The tables are owned by whoever lowered it and
/// outlive the view; those that only names and commands decide are constants of the program.
struct view {
    std::string_view name;
    std::span<const task> tasks;
    std::span<const piece> pieces;
    std::span<const reference> references;
    std::span<const index> predecessors;
    std::span<const index> successors;
    std::span<const index> order;  ///< a topological order: by level, then as declared
    std::span<const index> taken;  ///< parameters that functions are called with, rows of `all_parameters`
    std::span<const std::string_view> paths;
    std::span<const std::string_view> hosts;
    std::span<const policy> policies;  ///< one per task
    std::span<const variable> environment;
    std::span<const parameter> parameters;      ///< that a person may set
    std::span<const parameter> all_parameters;  ///< these, then those to which a workflow gave a value
    std::size_t edges = 0;                      ///< distinct task-to-task edges
    index depth = 0;                            ///< levels
    index width = 0;                            ///< tasks on the widest level
};

/// The rows of `table` that `r` names.
template <class Row>
constexpr std::span<const Row> rows(std::span<const Row> table, range r) {
    return table.subspan(r.first, r.count);
}

}  // namespace weft::plan
