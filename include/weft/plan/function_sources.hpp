// SPDX-License-Identifier: MIT
// The sources of functions' arguments, as numbers, for a block of tasks that are adjacent in the order of
// execution.
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/task.hpp>
#include <weft/graph/read_function.hpp>

#include <cstddef>

namespace weft::plan {

using source_kind = graph::argument_kind;

/// A task's value, a parameter by its part, or a file by its number among those of the task.
struct argument_source {
    source_kind kind = source_kind::value;
    graph::index at = 0;
};

/// The source of an argument's type encoded in one number, which a compiler reads only once.
struct block_argument {
    source_kind kind = source_kind::value;
    bool only = false;    ///< it is the only consumer of the value
    bool here = false;    ///< the task is in the same block
    graph::index at = 0;  ///< index in the block, or among the types from outside

    constexpr graph::index code() const {
        return at << 4 | graph::index{here} << 3 | graph::index{only} << 2 | static_cast<graph::index>(kind);
    }
};
constexpr block_argument argument_of(graph::index code) {
    return {static_cast<source_kind>(code & 3), (code & 4) != 0, (code & 8) != 0, code >> 4};
}
/// The arguments as a block's type describes them: without numbers of the workflow.
template <std::size_t Tasks, std::size_t Arguments>
struct block_arguments {
    graph::index first[Tasks + 1]{};   ///< a task's first argument
    graph::index of[Arguments + 1]{};  ///< codes
};

/// The same with the sources.
template <std::size_t Tasks, std::size_t Arguments>
struct block_table {
    block_arguments<Tasks, Arguments> arguments{};
    argument_source sources[Arguments + 1]{};
    graph::index values[Arguments + 1]{};      ///< positions of tasks of other blocks whose types are taken
    graph::index parameters[Arguments + 1]{};  ///< parts
    std::size_t value_count = 0;
    std::size_t parameter_count = 0;
};

/// The arguments of a part in the order of its call.
template <class Part>
inline constexpr graph::list<graph::argument_place> argument_places{};
template <text::fixed_string Name, class Callable, class... Arguments, std::size_t Variables,
          class... Modifiers>
inline constexpr graph::list<graph::argument_place> argument_places<
    dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>>{
    graph::argument_rows<Arguments...>::table.places, sizeof...(Arguments)};

constexpr std::size_t count_arguments(const graph::list<graph::argument_place>* parts, std::size_t count) {
    std::size_t all = 0;
    for (std::size_t at = 0; at < count; ++at) all += parts[at].count;
    return all;
}

/// Reads the block of `Tasks` tasks that begins at position `start` of `graph`, a function_graph.
template <std::size_t Tasks, std::size_t Arguments, class Graph>
consteval block_table<Tasks, Arguments> read_block(Graph graph, std::size_t start,
                                                   const graph::list<graph::argument_place>* parts) {
    block_table<Tasks, Arguments> table;
    graph::index next = 0;
    for (std::size_t at = 0; at < Tasks; ++at) {
        const graph::index task = graph.layout.task_at[start + at];
        const graph::part_row& part = graph.rows.rows[graph.resolved.part_of[task]];
        const graph::index* const values =
            graph.resolved.link_target + graph.resolved.first_link[task] + part.mentions.count;
        const graph::index* const parameters =
            graph.resolved.placeholder_part + graph.resolved.first_placeholder[task];
        table.arguments.first[at] = next;
        for (const graph::argument_place& place : parts[at]) {
            argument_source& source = table.sources[next];
            block_argument argument;
            argument.kind = source.kind = place.kind;
            source.at = place.at;
            if (place.kind == source_kind::value) {
                source.at = values[place.at];
                argument.only = graph.uses.of[source.at] == 1;
                const std::size_t position = graph.positions.of[source.at];
                argument.here = position >= start;
                argument.at = static_cast<graph::index>(argument.here ? position - start : table.value_count);
                if (!argument.here) table.values[table.value_count++] = static_cast<graph::index>(position);
            } else if (place.kind == source_kind::parameter) {
                source.at = parameters[place.at];
                argument.at = static_cast<graph::index>(table.parameter_count);
                table.parameters[table.parameter_count++] = source.at;
            }
            table.arguments.of[next++] = argument.code();
        }
    }
    table.arguments.first[Tasks] = next;
    return table;
}

}  // namespace weft::plan
