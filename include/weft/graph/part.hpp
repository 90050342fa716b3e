// SPDX-License-Identifier: MIT
// graph: reads a declared workflow, builds its dependency graph in constant evaluation and proves it sound.
// It knows `dsl` and `text`. Each part is read in a constant evaluation of its own, to plain rows with hashed
// names; linear passes over the rows build the graph. `plan` lowers the result, `errors` shows what is wrong.
#pragma once

#include <weft/text/command.hpp>
#include <weft/text/hash.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace weft::graph {

/// A name with its hash, looked up but once.
struct named {
    std::string_view name;
    std::uint64_t hash = 0;

    constexpr named() = default;
    constexpr explicit named(std::string_view text) : name(text), hash(text::hash(text)) {}
    friend constexpr bool operator==(const named& a, const named& b) {
        return a.hash == b.hash && a.name == b.name;
    }
};

/// A reference as a command makes it; equal ones of a task are one mention.
struct mention {
    std::string_view whole;     ///< as written
    std::string_view workflow;  ///< empty: the own one
    named task;
    named path;  ///< escapes decoded
};

/// A placeholder's name; equal ones of a task are one row.
struct placeholder {
    named name;
    bool number = false;  ///< one of them stands in arithmetic, where only a number is safe
};

/// A piece of a command; `target` counts within the task's mentions or placeholders.
struct piece_row {
    text::found_piece::kind what = text::found_piece::kind::text;
    text::shell_context context = text::shell_context::bare;
    std::uint32_t argument = 0;
    std::uint32_t target = 0;
    std::string_view text;
};

enum class modifier_kind : std::uint8_t { on, after, outputs, inputs, collect, env };

struct modifier_row {
    modifier_kind kind;
    std::span<const named> names;
};

/// What is wrong with a part by itself.
struct defect {
    enum class place : std::uint8_t { none, name, command, output, variable };
    place where = place::none;
    text::command_error error = text::command_error::none;
    std::string_view culprit{};
};

enum class part_kind : std::uint8_t { task, host, param };

/// A part of a workflow, whatever its type.
struct part_row {
    part_kind kind;
    named name;
    defect wrong{};
    bool shell = true;    ///< of a task: its command is a shell's
    bool number = false;  ///< of a parameter
    std::span<const piece_row> pieces{};
    std::span<const mention> mentions{};
    std::span<const placeholder> placeholders{};
    std::span<const modifier_row> modifiers{};

    /// Calls `each(named)` for every name in the modifiers of that kind.
    template <class Each>
    constexpr void names(modifier_kind which, Each each) const {
        for (const modifier_row& modifier : modifiers)
            if (modifier.kind == which)
                for (const named& one : modifier.names) each(one);
    }
};

}  // namespace weft::graph
