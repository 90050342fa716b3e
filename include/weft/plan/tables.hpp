// SPDX-License-Identifier: MIT
// plan: the lowered workflow, as plain rows.
// It knows the standard library only: no template comes in from above, no system call from below.
// `lower` (or a builder at run time) fills the rows; everything that runs, stages or draws reads them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::plan {

/// A row's number in its table.
using index = std::uint32_t;

/// "No row": a task that runs on the controlling machine has `host == none`.
inline constexpr index none = ~index{0};

/// Consecutive rows of another table: `first`, `first + 1`, ..., `count` of them.
struct range {
    index first = 0;
    index count = 0;
};

enum class action_kind : std::uint8_t {
    shell,    ///< one command line, for bash (or sh where there is no bash)
    program,  ///< an argument vector, started as it stands
};

enum class piece_kind : std::uint8_t {
    text,       ///< literal text of the command
    reference,  ///< replaced by the path(s) of a staged reference
    parameter,  ///< replaced by a parameter's value
};

/// Where in the shell's grammar a piece stands, which decides how its value is quoted.
enum class quoting : std::uint8_t { bare, single_quoted, double_quoted };

/// A part of a command. The pieces of a task in order, with values put in, are its command.
struct piece {
    piece_kind kind = piece_kind::text;
    quoting context = quoting::bare;
    index argument = 0;     ///< of a program: which element of the argument vector it belongs to
    index target = none;    ///< row in `references` or `parameters`
    std::string_view text;  ///< of `text`: the text itself
};

/// A `workflow:///task/path` of one task; equal ones of one task are one row.
struct reference {
    index consumer = none;
    index producer = none;
    std::string_view path;  ///< relative to the producer's scratch, escapes decoded, no `..`
    bool glob = false;      ///< the path holds `*`, `?` or `[`
};

/// Whether a path names what matches it rather than itself.
constexpr bool is_glob(std::string_view path) {
    for (const char c : path)
        if (c == '*' || c == '?' || c == '[') return true;
    return false;
}

struct variable {
    std::string_view name;
    std::string_view value;
};

/// What a task may take and how often it is tried; zero means "no limit" for times.
struct policy {
    std::uint32_t attempts = 1;               ///< 1 + retries
    std::chrono::milliseconds retry_delay{};  ///< before the second attempt; doubles each time
    std::chrono::milliseconds time_limit{};   ///< per attempt
    std::uint32_t cpus = 1;                   ///< slots of its place
    std::uint64_t memory = 0;                 ///< bytes
    bool keep = false;                        ///< its scratch is never collected
};

struct task {
    std::string_view name;
    action_kind action = action_kind::shell;
    index host = none;
    index level = 0;     ///< longest path from a source, in edges
    range pieces;        ///< in `pieces`
    range predecessors;  ///< in `predecessors`, distinct, ascending
    range successors;    ///< in `successors`, distinct, ascending
    range references;    ///< in `references`
    range outputs;       ///< promised paths or globs, in `paths`
    range inputs;        ///< files of the controlling machine, in `paths`
    range collected;     ///< outputs to bring home, in `paths`
    range environment;   ///< in `environment`
};

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
