// SPDX-License-Identifier: MIT
// The functions of a workflow with their types, block by block: each block takes the types of the previous
// ones.
#pragma once

#include <weft/plan/function_block.hpp>
#include <weft/plan/function_graph.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

template <class Parameter>
struct parameter_type;
template <text::fixed_string Name, class T, bool Optional>
struct parameter_type<dsl::param_type<Name, T, Optional>> {
    using type = T;
};
template <text::fixed_string Name, class T>
struct parameter_type<dsl::param_maker<Name, T>> {
    using type = T;
};

/// The tasks from position `First` on. `Results` is a list of lists of the results of the previous blocks.
template <class Graph, std::size_t First, class Results, class Each>
struct block_of;
template <class Graph, std::size_t First, class Results, std::size_t... Each>
struct block_of<Graph, First, Results, std::index_sequence<Each...>> {
    static constexpr std::size_t first = First;
    static constexpr std::size_t tasks = sizeof...(Each);
    using indices = std::index_sequence<Each...>;
    using parts = type_row<
        type_in<Graph::resolved.part_of[Graph::layout.task_at[First + Each]], typename Graph::parts>...>;

    static constexpr graph::list<graph::argument_place> places[] = {argument_places<type_at<Each, parts>>...};
    static constexpr auto table = read_block<tasks, count_arguments(places, tasks)>(Graph(), First, places);

    template <std::size_t... At>
    static tree_of<type_in<table.values[At], Results>...> values(std::index_sequence<At...>);
    template <std::size_t... At>
    static tree_of<typename parameter_type<type_in<table.parameters[At], typename Graph::parts>>::type...>
        parameters(std::index_sequence<At...>);

    using types =
        typed_block<parts, table.arguments, decltype(values(std::make_index_sequence<table.value_count>())),
                    decltype(parameters(std::make_index_sequence<table.parameter_count>()))>;
    using nodes = block_nodes<types, indices>;
};

/// The tree of the results of blocks.
template <class... Done>
using results_of = typename in_rows<2, dsl::types<>, typename Done::nodes::results...>::type;

/// All blocks, each after the previous ones: one level of templates for a block, not for a task.
template <class Graph, std::size_t First, bool End, class... Done>
struct blocks_of {
    static constexpr std::size_t left = Graph::tasks - First;
    using next = block_of<Graph, First, results_of<Done...>,
                          std::make_index_sequence<(left < block_size ? left : block_size)>>;
    using after = blocks_of<Graph, First + block_size, left <= block_size, Done..., next>;
    using type = typename after::type;
    using results = typename after::results;
};
template <class Graph, std::size_t First, class... Done>
struct blocks_of<Graph, First, true, Done...> {
    using type = dsl::types<Done...>;
    using results = results_of<Done...>;
};
template <class Graph>
using all_blocks = blocks_of<Graph, 0, Graph::tasks == 0>;

/// The result of a task.
template <class Graph, std::size_t Task>
struct result_of {
    using type = type_in<Graph::positions.of[Task], typename all_blocks<Graph>::results>;
};

/// Reports why a task's call is rejected; only instantiated for such a call.
template <class Graph, std::size_t Task, class Block, std::size_t First, class Call>
struct refused_call;
template <class Graph, std::size_t Task, class Block, std::size_t First, bool Lacking, class Callable,
          class... Incoming>
struct refused_call<Graph, Task, Block, First, call_with<Lacking, Callable, Incoming...>> {
    static constexpr const argument_source* sources = Block::table.sources + First;
    using call = typename call_of<Callable, Incoming...>::type;

    /// The first argument that has no value: its task returns nothing, or an error is already reported for
    /// it.
    static constexpr std::size_t missing = [] {
        constexpr bool lacking[] = {Incoming::lacking..., true};
        std::size_t at = 0;
        while (!lacking[at]) ++at;
        return at;
    }();

    struct void_message {
        static constexpr graph::message said = [] {
            graph::message text = message_about(Graph::path_of(Task), Graph::name());
            text << "takes the value of task '" << graph::culprit{Graph::path_of(sources[missing].at)}
                 << "', which returns nothing: return a value there, or use after<> for order only";
            return text;
        }();
    };
    struct call_message {
        struct producers {
            std::string_view of[sizeof...(Incoming) + 1]{};
        };
        static constexpr producers named = [] {
            producers all;
            for (std::size_t at = 0; at < sizeof...(Incoming); ++at)
                if (sources[at].kind == source_kind::value) all.of[at] = Graph::path_of(sources[at].at);
            return all;
        }();
        static constexpr graph::message said = not_callable<call, Callable>(
            Graph::path_of(Task), Graph::name(), named.of, dsl::types<Incoming...>());
    };
    struct reference_message {
        static constexpr graph::message said = [] {
            graph::message text = message_about(Graph::path_of(Task), Graph::name());
            text << "returns the reference " << graph::culprit{spelling<typename call::returned>()}
                 << ", whose object may not exist when it is used: return a value";
            return text;
        }();
    };

    static consteval auto tell() {
        if constexpr (call::lacking) {
            constexpr bool is_void[] = {Incoming::is_void..., false};
            if constexpr (is_void[missing]) raise_error<error::no_value, void_message>();
        } else if constexpr (!call::fits) {
            raise_error<error::not_callable, call_message>();
        } else {
            raise_error<error::returns_reference, reference_message>();
        }
        return false;
    }
};
template <class Graph, class Block, std::size_t At>
consteval auto tell_of_call() {
    using node = function_node<typename Block::types, At>;
    if constexpr (node::is_function) {
        if constexpr (!node::call::sound)
            refused_call<Graph, Graph::layout.task_at[Block::first + At], Block, node::first,
                         typename node::made>::tell();
    }
    return true;
}
template <class Graph, class Block, std::size_t... Each>
consteval auto tell_of_block(std::index_sequence<Each...>) {
    (void)std::initializer_list<bool>{tell_of_call<Graph, Block, Each>()...};
    return true;
}
/// Reports all rejected calls. Only its type is used, because a call would be one more error.
template <class Graph, class... Blocks>
consteval auto tell_of_calls(dsl::types<Blocks...>) {
    (void)std::initializer_list<bool>{tell_of_block<Graph, Blocks>(typename Blocks::indices())...};
    return true;
}

}  // namespace weft::plan
