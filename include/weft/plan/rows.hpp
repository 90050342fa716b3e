// SPDX-License-Identifier: MIT
// The rows of a plan that are constants of the program. They know only a small part of the standard library,
// because every program that declares a workflow compiles them.
#pragma once

#include <weft/duration.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::plan {

/// The number of a row in its table.
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
    program,   ///< an argument vector, started without a shell
    function,  ///< a function of this process
};

enum class piece_kind : std::uint8_t {
    text,       ///< literal text of the command
    reference,  ///< replaced by the path(s) of a staged reference
    parameter,  ///< replaced by a parameter's value
    value,      ///< replaced by the value that a function task returned
};

/// The position of a piece in the shell's grammar, which determines how its value is quoted.
enum class quoting : std::uint8_t {
    bare,
    single_quoted,
    double_quoted,
    operand,  ///< bare, and always quoted: it could be an operator or a pattern
};

/// A part of a command. The concatenated pieces of a task, with values inserted, are its command.
struct piece {
    piece_kind kind = piece_kind::text;
    quoting context = quoting::bare;
    index argument = 0;       ///< of a program: the index of its element in the argument vector
    index target = none;      ///< row in `references`, `parameters` or `tasks`
    std::string_view text{};  ///< of `text`: the text itself
};

/// A `workflow:///task/path` of one task; equal references of one task are one row.
struct reference {
    index consumer = none;
    index producer = none;
    std::string_view path;  ///< relative to the producer's scratch, no `..`; a glob with its escapes
    bool glob = false;      ///< the path as written contains `*`, `?` or `[`
};

struct variable {
    std::string_view name;
    std::string_view value;  ///< of a secret: the variable of this program's environment that contains it
    bool secret = false;
};

/// The limits of a task and its attempts; a duration of zero means "no limit".
struct policy {
    std::uint32_t attempts = 1;               ///< 1 + retries
    std::chrono::milliseconds retry_delay{};  ///< before the second attempt; doubles each time
    std::chrono::milliseconds time_limit{};   ///< per attempt
    std::uint32_t cpus = 1;                   ///< slots of its place
    std::uint64_t memory = 0;                 ///< bytes
    bool keep = false;                        ///< its scratch is never removed
    bool writable_inputs = false;             ///< its inputs are private copies
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
    range outputs{};       ///< declared paths or globs, in `paths`
    range inputs{};        ///< files of the controlling machine, in `paths`
    range collected{};     ///< outputs copied to the controlling machine, in `paths`
    range environment{};   ///< in `environment`
    range taken{};         ///< of a function: in `taken`
};

}  // namespace weft::plan
