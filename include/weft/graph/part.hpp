// SPDX-License-Identifier: MIT
// graph: reads a declared workflow, builds its dependency graph in constant evaluation and proves it sound.
// It knows `dsl` and `text`. Each part is read in a constant evaluation of its own, to plain rows with hashed
// names; linear passes over the rows build the graph. `plan` lowers the result, `errors` shows what is wrong.
#pragma once

#include <weft/text/command.hpp>
#include <weft/text/hash.hpp>
#include <weft/text/slice.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::graph {

using index = std::uint32_t;
inline constexpr index absent = ~index{0};

/// Rows that are held elsewhere. It is what std::span is, but its iterators are pointers: constant evaluation
/// carries out every call, and a compiler spends its time on those.
template <class Row>
struct list {
    const Row* rows = nullptr;
    index count = 0;

    constexpr const Row* begin() const { return rows; }
    constexpr const Row* end() const { return rows + count; }
};

/// Copies rows of a constant.
template <std::size_t Rows, class Row>
constexpr void copy_rows(const Row* from, Row* to) {
#ifdef __clang__
    __builtin_memcpy(to, from, Rows * sizeof(Row));  // one step
#else
    for (std::size_t at = 0; at < Rows; ++at) to[at] = from[at];
#endif
}

/// A name with its hash, looked up but once.
struct named {
    text::slice name{};
    std::uint64_t hash = 0;

    friend constexpr bool operator==(const named& a, const named& b) {
        return a.hash == b.hash && a.name == b.name;
    }
};

constexpr named name_of(std::string_view text) {
    return {text::sliced(text), text::hash(text)};
}

/// A reference as a command makes it; equal ones of a task are one mention.
struct mention {
    text::slice whole{};  ///< as written
    named workflow{};     ///< empty: the own one
    named task{};
    text::slice path{};  ///< escapes decoded; of a glob as written
    bool glob = false;
};

/// A placeholder's name; equal ones of a task are one row.
struct placeholder {
    named name{};
    text::shell_place place = text::shell_place::words;  ///< the strictest of those where it stands
    bool one_word = false;                               ///< in one of them several words may not stand
};

/// A piece of a command; `target` counts within the task's mentions or placeholders.
struct piece_row {
    text::found_piece::kind what = text::found_piece::kind::text;
    text::shell_context context = text::shell_context::bare;
    text::shell_place place = text::shell_place::words;
    index argument = 0;
    index target = 0;
    text::slice text{};
};

/// `from` holds the names of a function's arguments that other tasks return; it comes first.
enum class modifier_kind : std::uint8_t { from, on, after, outputs, inputs, collect, env };

/// A modifier that makes edges.
constexpr bool is_order(modifier_kind kind) {
    return kind == modifier_kind::after || kind == modifier_kind::from;
}

/// A modifier that names files.
constexpr bool takes_paths(modifier_kind kind) {
    return kind == modifier_kind::inputs || kind == modifier_kind::outputs || kind == modifier_kind::collect;
}

struct modifier_row {
    modifier_kind kind{};
    list<named> names{};
};

enum class part_kind : std::uint8_t { task, host, param };

/// A part of a workflow, whatever its type. What is about values is not in it.
struct part_row {
    part_kind kind{};
    bool misnamed = false;
    bool shell = true;      ///< of a task: its command is a shell's
    bool function = false;  ///< of a task: it is a function of this process
    bool number = false;    ///< of a parameter
    bool several = false;   ///< of a parameter: it is a list
    bool bound = false;     ///< of a nested workflow's parameter: it was given a value there
    text::command_error error = text::command_error::none;  ///< of a task's command
    text::slice culprit{};                                  ///< of that error
    text::shell_place place = text::shell_place::words;     ///< of that error
    index scope = 0;                                        ///< the workflow that declares it
    named name{};
    text::slice path{};          ///< of a task: its name after those of nested workflows, "winter/plot"
    named alias{};               ///< of a nested workflow's parameter: the name of the outer one that it is
    const void* type = nullptr;  ///< of a parameter: an address that only its type has
    list<piece_row> pieces{};
    list<mention> mentions{};
    list<placeholder> placeholders{};
    list<modifier_row> modifiers{};

    /// Calls `each(named)` for every name in the modifiers of that kind.
    template <class Each>
    constexpr void names(modifier_kind which, Each&& each) const {
        for (const modifier_row& modifier : modifiers)
            if (modifier.kind == which)
                for (const named& one : modifier.names) each(one);
    }
};

/// A workflow among those that a workflow is made of: itself first, then the nested ones.
struct scope_row {
    index parent = 0;
    named name{};           ///< under which it is nested
    named declared{};       ///< under which it was declared
    text::slice unbound{};  ///< what `with` names and is no parameter of it
};

}  // namespace weft::graph
