// SPDX-License-Identifier: MIT
// The lowered functions of a workflow: the positions of values, and the order of calls. Code that runs them
// reads a `function_view`, which is independent of the workflow's types.
#pragma once

#include <weft/plan/function_flow.hpp>
#include <weft/plan/function_shown.hpp>
#include <weft/plan/function_step.hpp>
#include <weft/pool/layout.hpp>

#include <boost/hana/basic_tuple.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The position of a task's result.
struct function_slot {
    std::size_t offset = 0;
    void (*destroy)(void*) = nullptr;  ///< null if there is nothing to destroy
    bool consumes = false;             ///< an argument is moved into the call
};
/// The position of a parameter's value that functions take; `number` is the parameter's in
/// `view::all_parameters`.
struct parameter_slot {
    pool::index number = pool::none;
    std::size_t offset = 0;
};

struct function_view {
    pool::layout_view layout{};
    const block_function* blocks = nullptr;  ///< one per `block_size` positions
    const function_slot* slots = nullptr;    ///< one per task
    const parameter_slot* parameters = nullptr;
    std::size_t parameter_count = 0;
    std::size_t size = 0;  ///< bytes of all values
    std::size_t alignment = 1;
    bool complete = false;  ///< all tasks are functions
};

/// A function whose value is used in a command.
template <std::size_t Task, class Result>
struct shown_value {};

/// For a workflow without functions.
struct no_functions {
    using shown_values = dsl::types<>;
    static constexpr bool any = false;
    static constexpr bool complete_type = false;
};

/// Results in the order of tasks, then parameters in the order of parts.
template <std::size_t Tasks, std::size_t Parts>
struct function_places {
    function_slot results[Tasks + 1]{};
    std::size_t parameters[Parts + 1]{};
    std::size_t size = 0;
    std::size_t alignment = 1;

    constexpr std::size_t add(const shape& of) {
        size = (size + of.alignment - 1) / of.alignment * of.alignment;
        const std::size_t offset = size;
        size += of.size;
        if (of.alignment > alignment) alignment = of.alignment;
        return offset;
    }
};

template <class Part>
inline constexpr shape parameter_shape{};
template <text::fixed_string Name, class T, bool Optional>
inline constexpr shape parameter_shape<dsl::param_type<Name, T, Optional>> = shape_of<T>;
template <text::fixed_string Name, class T>
inline constexpr shape parameter_shape<dsl::param_maker<Name, T>> = shape_of<T>;

/// Lays out values and calls. `Graph` is a function_graph.
template <class Graph>
struct function_layout {
    static constexpr std::size_t tasks = Graph::tasks;
    static constexpr std::size_t parts = Graph::part_sizes.rows;

    struct node_rows {
        node_row of[tasks + 1]{};
        bool sound = true;
    };
    using blocks = typename all_blocks<Graph>::type;
    template <class... Block>
    static consteval node_rows gather(dsl::types<Block...>) {
        node_rows all;
        const auto add = [&](const node_row* rows, const auto& of_block, std::size_t first,
                             std::size_t count) {
            for (std::size_t at = 0; at < count; ++at) {
                node_row& node = all.of[Graph::layout.task_at[first + at]] = rows[at];
                node.sources = of_block.sources + of_block.arguments.first[at];
                all.sound = all.sound && node.sound;
            }
            return true;
        };
        (void)std::initializer_list<bool>{
            true, add(Block::nodes::rows, Block::table, Block::first, Block::tasks)...};
        return all;
    }
    static constexpr node_rows nodes = gather(blocks());
    static constexpr bool sound = nodes.sound;

    /// The functions whose values are used in commands.
    struct shown_tasks {
        std::size_t count = 0;
        std::size_t at[tasks + 1]{};
    };
    static constexpr shown_tasks shown = [] {
        shown_tasks all;
        for (std::size_t task = 0; task < tasks; ++task)
            if (Graph::uses.shown[task] && Graph::rows.rows[Graph::resolved.part_of[task]].function)
                all.at[all.count++] = task;
        return all;
    }();
    template <std::size_t... Each>
    static auto show(std::index_sequence<Each...>)
        -> dsl::types<shown_value<shown.at[Each], typename function_shown<Graph, shown.at[Each]>::type>...>;
    using shown_values = decltype(show(std::make_index_sequence<shown.count>()));

    template <std::size_t... Part>
    static consteval auto place(std::index_sequence<Part...>) {
        function_places<tasks, parts> all;
        for (std::size_t at = 0; at < tasks; ++at)
            all.results[at] = {all.add(nodes.of[at].result), nodes.of[at].result.destroy};
        if constexpr (Graph::part_sizes.parameters) {
            const shape parameters[] = {parameter_shape<type_in<Part, typename Graph::parts>>...};
            for (std::size_t at = 0; at < parts; ++at) all.parameters[at] = all.add(parameters[at]);
        }
        return all;
    }
    static constexpr auto places = place(std::make_index_sequence<parts>());

    /// Task -> the number of callables stored before its own.
    struct callable_places {
        std::size_t of[tasks + 1]{};
    };
    static constexpr callable_places callables = [] {
        callable_places all;
        std::size_t count = 0;
        for (std::size_t task = 0; task < tasks; ++task)
            all.of[task] = nodes.of[task].kept ? count++ : stateless;
        return all;
    }();

    /// Task -> the task whose call moves its value.
    struct consumers {
        graph::index of[tasks + 1]{};
    };
    static constexpr consumers moved_into = [] {
        consumers all;
        for (graph::index& each : all.of) each = graph::absent;
        for (graph::index task = 0; task < tasks; ++task) {
            const node_row& node = nodes.of[task];
            for (std::size_t at = 0; node.moves != nullptr && at < node.arguments; ++at)
                if (node.moves[at]) all.of[node.sources[at].at] = task;
        }
        return all;
    }();

    /// The position of an argument; for a file its number.
    static constexpr std::size_t place_of(argument_source source) {
        return source.kind == source_kind::value       ? places.results[source.at].offset
               : source.kind == source_kind::parameter ? places.parameters[source.at]
                                                       : source.at;
    }
    template <class Block>
    static consteval auto places_in() {
        constexpr std::size_t arguments = Block::table.arguments.first[Block::tasks];
        block_places<Block::tasks, arguments> all;
        for (std::size_t at = 0; at < Block::tasks; ++at) {
            const pool::index task = Graph::layout.task_at[Block::first + at];
            all.task[at] = task;
            all.callable[at] = callables.of[task];
            all.result[at] = places.results[task].offset;
        }
        for (std::size_t at = 0; at < arguments; ++at) all.argument[at] = place_of(Block::table.sources[at]);
        return all;
    }
    template <class... Block>
    static constexpr void add_functions(block_function* to, dsl::types<Block...>) {
        (void)std::initializer_list<bool>{
            true, (*to++ = function_of_block<Block::first, typename Block::types, places_in<Block>()>(
                       typename Block::indices()),
                   true)...};
    }
};

/// The tables of a workflow's functions, and the callables that have a state.
template <std::size_t Tasks, std::size_t Edges, std::size_t Blocks, std::size_t Parameters, bool Complete,
          class Callables, class Shown>
struct function_rows {
    using shown_values = Shown;  ///< dsl::types of shown_value

    static constexpr bool any = true;
    static constexpr bool complete_type = Complete;

    pool::layout_tables<Tasks, Edges> layout;
    block_function blocks[Blocks + 1]{};
    function_slot slots[Tasks + 1]{};
    parameter_slot parameters[Parameters + 1]{};
    std::size_t size = 0;
    std::size_t alignment = 1;
    Callables callables;  ///< a Hana tuple

    constexpr function_view view() const {
        return {layout.view(), blocks, slots, parameters, Parameters, size, alignment, Complete};
    }
};

}  // namespace weft::plan
