// SPDX-License-Identifier: MIT
// The types of a block of tasks: how each function is called, and what it returns. A block knows its own
// tasks and the types that come from other blocks, but nothing of the workflow, so that the names
// instantiated for each task stay short in large workflows.
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/staged_file.hpp>
#include <weft/dsl/task.hpp>
#include <weft/plan/function_call.hpp>
#include <weft/plan/function_sources.hpp>
#include <weft/plan/function_step.hpp>
#include <weft/plan/type_list.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The properties of a slot's type.
struct shape {
    std::size_t size = 0;
    std::size_t alignment = 1;
    void (*destroy)(void*) = nullptr;
};
template <class T>
void destroy_value(void* value) {
    static_cast<T*>(value)->~T();
}
template <class T>
inline constexpr shape shape_of{sizeof(T), alignof(T),
                                std::is_trivially_destructible_v<T> ? nullptr : &destroy_value<T>};
template <>
inline constexpr shape shape_of<void>{};
template <>
inline constexpr shape shape_of<no_result>{};

/// The properties of a task that determine the layout of a workflow's values.
struct node_row {
    bool sound = true;
    bool kept = false;  ///< the callable has a state and is stored
    shape result{};
    const bool* moves = nullptr;  ///< of each argument, whether the value is moved into the call
    const argument_source* sources = nullptr;
    std::size_t arguments = 0;
};

/// `Parts` is a row of its tasks; `Values` and `Parameters` are trees of the types that its arguments take
/// from outside.
template <class Parts, auto Arguments, class Values, class Parameters>
struct typed_block {
    using parts = Parts;
    using values = Values;
    using parameters = Parameters;
    static constexpr const auto& arguments = Arguments;
};

/// A task of a block with its types. Each is instantiated after the tasks whose values it takes.
template <class Block, std::size_t At, class Part = type_at<At, typename Block::parts>>
struct function_node {
    enum : std::size_t { is_function = 0 };
    using result = no_result;
};

/// How an argument is passed. A value whose move is a copy remains available after the call; note that a type
/// without copies may be "trivially copyable".
template <class T>
inline constexpr bool is_copied = std::is_trivially_copyable_v<T>&& std::is_copy_constructible_v<T>;
template <>
inline constexpr bool is_copied<void> = true;
template <class T, bool Only>
using incoming_value = incoming<T, Only && !is_copied<T>>;

template <class Block, graph::index Code, source_kind Kind = argument_of(Code).kind,
          bool Here = argument_of(Code).here>
struct origin {
    using type = incoming_value<type_in<(Code >> 4), typename Block::values>, argument_of(Code).only>;
};
template <class Block, graph::index Code>
struct origin<Block, Code, source_kind::value, true> {
    using type = incoming_value<typename function_node<Block, (Code >> 4)>::result, argument_of(Code).only>;
};
template <class Block, graph::index Code>
struct origin<Block, Code, source_kind::parameter, false> {
    using type = incoming<type_in<(Code >> 4), typename Block::parameters>, false>;
};
template <class Block, graph::index Code>
struct origin<Block, Code, source_kind::file, false> {
    using type = incoming<staged_file, false>;
};

/// The call of a task whose first argument is the block's `First`.
template <class Block, std::size_t First, class Callable, class Each>
struct node_call;
template <class Block, std::size_t First, class Callable, std::size_t... Each>
struct node_call<Block, First, Callable, std::index_sequence<Each...>> {
    using type = call_of<Callable, typename origin<Block, Block::arguments.of[First + Each]>::type...>;
};

// Numbers are enumerators, because a static member would be a symbol with the names of the block's tasks in
// it.
template <class Block, std::size_t At, text::fixed_string Name, class Callable, class... Arguments,
          std::size_t Variables, class... Modifiers>
struct function_node<
    Block, At, dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>> {
    enum : std::size_t {
        is_function = 1,
        first = Block::arguments.first[At],
        arguments = sizeof...(Arguments)
    };
    using callable = Callable;
    using made = typename node_call<Block, first, Callable, std::make_index_sequence<arguments>>::type;
    using call = typename made::type;
    using result = typename call::result;
};

template <class Node>
consteval node_row row_of() {
    if constexpr (Node::is_function)
        return {!std::is_same_v<typename Node::result, no_result>,
                !dsl::is_stateless<typename Node::callable>,
                shape_of<typename Node::result>,
                Node::call::moves,
                nullptr,
                Node::arguments};
    else
        return {};
}

/// All tasks of a block.
template <class Block, class Each>
struct block_nodes;
template <class Block, std::size_t... Each>
struct block_nodes<Block, std::index_sequence<Each...>> {
    using results = type_row<typename function_node<Block, Each>::result...>;
    static constexpr node_row rows[] = {row_of<function_node<Block, Each>>()...};
};

/// The positions of a block's values.
template <std::size_t Tasks, std::size_t Arguments>
struct block_places {
    pool::index task[Tasks]{};
    std::size_t callable[Tasks]{};  ///< `stateless`, or the position in the stored callables
    std::size_t result[Tasks]{};
    std::size_t argument[Arguments + 1]{};  ///< of a file, its number among the files of the task
};

template <source_kind Kind, class Passed>
struct stored_argument {
    using type = stored_value<Passed>;
};
template <class Passed>
struct stored_argument<source_kind::file, Passed> {
    using type = staged_value;
};

template <class Block, auto Places, std::size_t At, class Node, class Passed, class Each>
struct placed_step;
template <class Block, auto Places, std::size_t At, class Node, class... Passed, std::size_t... Each>
struct placed_step<Block, Places, At, Node, dsl::types<Passed...>, std::index_sequence<Each...>> {
    using type =
        function_step<typename Node::callable, Places.callable[At], Places.task[At], typename Node::result,
                      Places.result[At], Node::call::chosen::context,
                      dsl::types<typename stored_argument<
                          source_kind(Block::arguments.of[Node::first + Each] & 3), Passed>::type...>,
                      Places.argument[Node::first + Each]...>;
};
template <class Block, auto Places, std::size_t At, class Node = function_node<Block, At>,
          bool = Node::is_function>
struct step_of {
    using type = no_step;
};
template <class Block, auto Places, std::size_t At, class Node>
struct step_of<Block, Places, At, Node, true>
    : placed_step<Block, Places, At, Node, typename Node::call::chosen::arguments,
                  std::make_index_sequence<Node::arguments>> {};

/// The function that runs the block that begins at position `First`.
template <std::size_t First, class Block, auto Places, std::size_t... Each>
consteval block_function function_of_block(std::index_sequence<Each...>) {
    return &function_block<static_cast<pool::index>(First), sizeof...(Each),
                           typename step_of<Block, Places, Each>::type...>::walk;
}

}  // namespace weft::plan
