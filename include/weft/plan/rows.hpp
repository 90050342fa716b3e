// SPDX-License-Identifier: MIT
// The rows of a plan that are constants of the program. They know the standard library only, and little of
// it: whoever declares a workflow compiles them.
#pragma once

#include <weft/duration.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

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
    shell,     ///< one command line, for bash (or sh where there is no bash)
    program,   ///< an argument vector, started as it stands
    function,  ///< a function of this process
};

enum class piece_kind : std::uint8_t {
    text,       ///< literal text of the command
    reference,  ///< replaced by the path(s) of a staged reference
    parameter,  ///< replaced by a parameter's value
    value,      ///< replaced by what a function task returned
};

/// Where in the shell's grammar a piece stands, which decides how its value is quoted.
enum class quoting : std::uint8_t {
    bare,
    single_quoted,
    double_quoted,
    operand,  ///< bare, and quoted whatever the value: it could be an operator or a pattern
};

/// A part of a command. The pieces of a task in order, with values put in, are its command.
struct piece {
    piece_kind kind = piece_kind::text;
    quoting context = quoting::bare;
    index argument = 0;       ///< of a program: which element of the argument vector it belongs to
    index target = none;      ///< row in `references`, `parameters` or `tasks`
    std::string_view text{};  ///< of `text`: the text itself
};

/// A `workflow:///task/path` of one task; equal ones of one task are one row.
struct reference {
    index consumer = none;
    index producer = none;
    std::string_view path;  ///< relative to the producer's scratch, no `..`; of a glob with its escapes
    bool glob = false;      ///< as it was written the path holds `*`, `?` or `[`
};

struct variable {
    std::string_view name;
    std::string_view value;  ///< of a secret: the variable of this program's environment that holds it
    bool secret = false;
};

/// What a task may take and how often it is tried; zero means "no limit" for times.
struct policy {
    std::uint32_t attempts = 1;               ///< 1 + retries
    std::chrono::milliseconds retry_delay{};  ///< before the second attempt; doubles each time
    std::chrono::milliseconds time_limit{};   ///< per attempt
    std::uint32_t cpus = 1;                   ///< slots of its place
    std::uint64_t memory = 0;                 ///< bytes
    bool keep = false;                        ///< its scratch is never collected
    bool writable_inputs = false;             ///< they are copies of its own
};

struct task {
    std::string_view name;
    action_kind action = action_kind::shell;
    index host = none;
    index level = 0;       ///< longest path from a source, in edges
    range pieces{};        ///< in `pieces`
    range predecessors{};  ///< in `predecessors`, distinct, ascending
    range successors{};    ///< in `successors`, distinct, ascending
    range references{};    ///< in `references`
    range outputs{};       ///< promised paths or globs, in `paths`
    range inputs{};        ///< files of the controlling machine, in `paths`
    range collected{};     ///< outputs to bring home, in `paths`
    range environment{};   ///< in `environment`
    range taken{};         ///< of a function: in `taken`
};

}  // namespace weft::plan
