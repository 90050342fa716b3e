// SPDX-License-Identifier: MIT
// The functions of a workflow lowered: where values lie, and what is called when. Whoever runs them reads a
// `function_view`, which knows no type of the workflow.
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

/// Where a task's result lies.
struct function_slot {
    std::size_t offset = 0;
    void (*destroy)(void*) = nullptr;  ///< none when there is nothing to destroy
    bool consumes = false;             ///< an argument is moved into the call
};
/// Where a parameter's value lies that functions take; `number` is the parameter's in `view::all_parameters`.
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

/// A function whose value stands in a command.
template <std::size_t Task, class Result>
struct shown_value {};

/// Of a workflow without functions.
struct no_functions {
    using shown_values = dsl::types<>;
    static constexpr bool any = false;
    static constexpr bool complete_type = false;
};

template <class T>
void destroy_value(void* value) {
    static_cast<T*>(value)->~T();
}

/// What a slot needs of its type.
struct shape {
    std::size_t size = 0;
    std::size_t alignment = 1;
    void (*destroy)(void*) = nullptr;
};
template <class T>
consteval shape shape_of() {
    if constexpr (std::is_void_v<T> || std::is_same_v<T, no_result>)
        return {};
    else if constexpr (std::is_trivially_destructible_v<T>)
        return {sizeof(T), alignof(T)};
    else
        return {sizeof(T), alignof(T), &destroy_value<T>};
}

/// Results in order of the tasks, then parameters in order of the parts.
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
inline constexpr shape parameter_shape<dsl::param_type<Name, T, Optional>> = shape_of<T>();
template <text::fixed_string Name, class T>
inline constexpr shape parameter_shape<dsl::param_maker<Name, T>> = shape_of<T>();

template <class Part>
inline constexpr bool keeps_callable = false;
template <text::fixed_string Name, class Callable, class... Arguments, std::size_t Variables,
          class... Modifiers>
inline constexpr bool keeps_callable<
    dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>> =
    !dsl::is_stateless<Callable>;

/// Lays out values and calls. `Graph` is a function_graph.
template <class Graph>
struct function_layout {
    static constexpr std::size_t tasks = Graph::tasks;
    static constexpr std::size_t parts = Graph::part_sizes.rows;

    /// Proves all calls, each after those that it takes values of.
    template <std::size_t... Each>
    static consteval bool prove(std::index_sequence<Each...>) {
        bool all = true;
        for (const bool each : {true, function_node<Graph, Graph::built.order[Each]>::sound...})
            all = all && each;
        return all;
    }
    static constexpr bool sound = prove(std::make_index_sequence<tasks>());

    /// The functions whose values stand in commands.
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

    template <std::size_t... Task, std::size_t... Part>
    static consteval auto place(std::index_sequence<Task...>, std::index_sequence<Part...>) {
        function_places<tasks, parts> all;
        const shape results[] = {shape_of<typename function_node<Graph, Task>::result>()..., {}};
        for (std::size_t at = 0; at < tasks; ++at)
            all.results[at] = {all.add(results[at]), results[at].destroy};
        const shape parameters[] = {parameter_shape<type_at<Part, typename Graph::parts>>...};
        for (std::size_t at = 0; at < parts; ++at) all.parameters[at] = all.add(parameters[at]);
        return all;
    }
    static constexpr auto places =
        place(std::make_index_sequence<tasks>(), std::make_index_sequence<parts>());

    /// Task -> how many callables are kept before its own.
    struct callable_places {
        std::size_t of[tasks + 1]{};
    };
    template <std::size_t... Task>
    static consteval callable_places number_callables(std::index_sequence<Task...>) {
        callable_places all;
        const bool kept[] = {keeps_callable<type_at<Graph::resolved.part_of[Task], typename Graph::parts>>...,
                             false};
        std::size_t count = 0;
        for (std::size_t task = 0; task < tasks; ++task) all.of[task] = kept[task] ? count++ : stateless;
        return all;
    }
    static constexpr callable_places callables = number_callables(std::make_index_sequence<tasks>());

    /// Task -> the one whose call moves its value away.
    struct consumers {
        graph::index of[tasks + 1]{};
    };
    template <class Node, class... Passed>
    static consteval void mark_moved(consumers& all, graph::index task, dsl::types<Passed...>) {
        const bool moved[] = {std::is_rvalue_reference_v<Passed>..., false};
        for (std::size_t at = 0; at < sizeof...(Passed); ++at)
            if (moved[at]) all.of[Node::found.of[at].at] = task;
    }
    template <std::size_t Task>
    static consteval bool mark_moved(consumers& all) {
        using node = function_node<Graph, Task>;
        if constexpr (node::is_function && node::sound)
            mark_moved<node>(all, Task, typename node::call::chosen::arguments());
        return true;
    }
    template <std::size_t... Task>
    static consteval consumers find_moved(std::index_sequence<Task...>) {
        consumers all;
        for (graph::index& each : all.of) each = graph::absent;
        (void)std::initializer_list<bool>{true, mark_moved<Task>(all)...};
        return all;
    }
    static constexpr consumers moved_into = find_moved(std::make_index_sequence<tasks>());

    template <std::size_t Task, source_kind Kind, graph::index At, class Passed>
    struct argument {
        static constexpr std::size_t offset =
            Kind == source_kind::parameter ? places.parameters[At] : places.results[At].offset;
        using value = std::remove_cvref_t<Passed>;
        using type = std::conditional_t<std::is_rvalue_reference_v<Passed>, moved_value<value, offset>,
                                        shared_value<value, offset>>;
    };
    template <std::size_t Task, graph::index At, class Passed>
    struct argument<Task, source_kind::file, At, Passed> {
        using type = file_value<Task, At>;
    };
    template <std::size_t Task, class Node, class... Passed, std::size_t... Each>
    static auto arguments(dsl::types<Passed...>, std::index_sequence<Each...>) -> dsl::types<
        typename argument<Task, Node::found.of[Each].kind, Node::found.of[Each].at, Passed>::type...>;

    template <std::size_t Task, class Node, class... Arguments>
    static auto step_with(dsl::types<Arguments...>)
        -> function_step<typename Node::callable, callables.of[Task], Task, typename Node::result,
                         places.results[Task].offset, Node::call::chosen::context, Arguments...>;
    template <std::size_t Task, class Node, class... Passed>
    static auto step_passing(dsl::types<Passed...>)
        -> decltype(step_with<Task, Node>(arguments<Task, Node, Passed...>(
            dsl::types<Passed...>(), std::make_index_sequence<sizeof...(Passed)>())));
    template <std::size_t Task>
    static auto step() {
        using node = function_node<Graph, Task>;
        if constexpr (!node::is_function)
            return std::type_identity<no_step>();
        else
            return std::type_identity<decltype(step_passing<Task, node>(
                typename node::call::chosen::arguments()))>();
    }

    template <std::size_t First, std::size_t... Each>
    static consteval block_function block(std::index_sequence<Each...>) {
        return &function_block<static_cast<pool::index>(First),
                               typename decltype(step<Graph::layout.task_at[First + Each]>())::type...>::walk;
    }
    template <std::size_t First>
    static consteval block_function block() {
        return block<First>(
            std::make_index_sequence<(tasks - First < block_size ? tasks - First : block_size)>());
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
