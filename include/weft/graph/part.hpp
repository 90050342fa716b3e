// SPDX-License-Identifier: MIT
// graph: reads a declared workflow, builds its dependency graph in constant evaluation and validates it. It
// knows `dsl` and `text`. Each part is read in a constant evaluation of its own, into plain rows with hashed
// names; linear passes over the rows build the graph. `plan` lowers the result, `errors` reports mistakes.
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

/// A view of rows, like std::span but with pointers as iterators: constant evaluation executes every call,
/// and these dominate the compile time.
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

/// A name with its hash, which is computed once.
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

/// A reference in a command; equal references of a task are one mention.
struct mention {
    text::slice whole{};  ///< as written
    named workflow{};     ///< empty: the same workflow
    named task{};
    text::slice path{};  ///< escapes decoded; a glob as written
    bool glob = false;
};

/// The name of a placeholder; equal names of a task are one row.
struct placeholder {
    named name{};
    text::shell_place place = text::shell_place::words;  ///< the strictest of its positions
    bool one_word = false;                               ///< one of its positions takes only one word
};

/// A piece of a command; `target` is an index into the task's mentions or placeholders.
struct piece_row {
    text::found_piece::kind what = text::found_piece::kind::text;
    text::shell_context context = text::shell_context::bare;
    text::shell_place place = text::shell_place::words;
    index argument = 0;
    index target = 0;
    text::slice text{};
};

/// `from` contains the tasks whose values a function takes; it comes first.
enum class modifier_kind : std::uint8_t { from, on, after, outputs, inputs, collect, env };

/// Whether a modifier makes edges.
constexpr bool is_order(modifier_kind kind) {
    return kind == modifier_kind::after || kind == modifier_kind::from;
}

/// Whether a modifier names files.
constexpr bool takes_paths(modifier_kind kind) {
    return kind == modifier_kind::inputs || kind == modifier_kind::outputs || kind == modifier_kind::collect;
}

struct modifier_row {
    modifier_kind kind{};
    list<named> names{};
};

enum class part_kind : std::uint8_t { task, host, param };

/// A part of a workflow, independent of its type and without its values.
struct part_row {
    part_kind kind{};
    bool misnamed = false;
    bool shell = true;      ///< of a task: a shell runs its command
    bool function = false;  ///< of a task: it is a function
    bool number = false;    ///< of a parameter
    bool several = false;   ///< of a parameter: it is a list
    bool bound = false;     ///< of a nested workflow's parameter: it is bound to a value
    text::command_error error = text::command_error::none;  ///< of a task's command
    text::slice culprit{};                                  ///< of that error
    text::shell_place place = text::shell_place::words;     ///< of that error
    index scope = 0;                                        ///< the workflow that declares it
    named name{};
    text::slice path{};  ///< of a task: its name with those of its nested workflows, "winter/plot"
    named alias{};       ///< of a nested workflow's parameter: the outer parameter to which it is bound
    const void* type = nullptr;  ///< of a parameter: an address unique to its type
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

/// A workflow itself (the first scope) or one of its nested workflows.
struct scope_row {
    index parent = 0;
    named name{};           ///< under which it is nested
    named declared{};       ///< under which it was declared
    text::slice unbound{};  ///< a name in `with` that is not one of its parameters
};

}  // namespace weft::graph
