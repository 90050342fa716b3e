// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/problem.hpp>
#include <weft/text/fixed_string.hpp>

#include <cstddef>

namespace weft::error {

// Never true. GCC 12 prints the whole argument of a variable template that does not hold, Clang that of a
// concept.
template <text::fixed_string What>
inline constexpr bool never = false;
#ifdef __clang__
template <text::fixed_string What>
concept explained = never<What>;
#else
template <text::fixed_string What>
inline constexpr bool explained = never<What>;
#endif

// The catalogue: one type per mistake. Its argument is the sentence that the validator made.

template <text::fixed_string What>
struct invalid_name {
    static_assert(explained<What>, "weft: a name holds a character that it must not hold");
};

template <text::fixed_string What>
struct duplicate_task {
    static_assert(explained<What>, "weft: task names must be unique in a workflow");
};

template <text::fixed_string What>
struct duplicate_host {
    static_assert(explained<What>, "weft: host names must be unique in a workflow");
};

template <text::fixed_string What>
struct duplicate_parameter {
    static_assert(explained<What>, "weft: parameter names must be unique in a workflow");
};

template <text::fixed_string What>
struct empty_command {
    static_assert(explained<What>, "weft: a command must not be empty");
};

template <text::fixed_string What>
struct unbalanced_quotes {
    static_assert(explained<What>, "weft: quotes in a command must be closed");
};

template <text::fixed_string What>
struct malformed_reference {
    static_assert(explained<What>, "weft: a reference is workflow:///task/path");
};

template <text::fixed_string What>
struct absolute_path {
    static_assert(explained<What>, "weft: paths are relative to a task's directory");
};

template <text::fixed_string What>
struct path_leaves_directory {
    static_assert(explained<What>, "weft: a path must not leave its task's directory");
};

template <text::fixed_string What>
struct value_in_here_document {
    static_assert(explained<What>, "weft: a here-document cannot hold a placeholder or reference");
};

template <text::fixed_string What>
struct unknown_workflow {
    static_assert(explained<What>, "weft: a reference names a workflow that is not a part of this one");
};

template <text::fixed_string What>
struct unknown_task {
    static_assert(explained<What>, "weft: a task refers to a task that does not exist");
};

template <text::fixed_string What>
struct self_reference {
    static_assert(explained<What>, "weft: a task cannot depend on itself");
};

template <text::fixed_string What>
struct output_not_promised {
    static_assert(explained<What>, "weft: a reference names what its producer does not promise");
};

template <text::fixed_string What>
struct undeclared_parameter {
    static_assert(explained<What>, "weft: a placeholder names no declared parameter");
};

template <text::fixed_string What>
struct unknown_host {
    static_assert(explained<What>, "weft: a task runs on a host that is not declared");
};

template <text::fixed_string What>
struct cycle {
    static_assert(explained<What>, "weft: the tasks of a workflow must form an acyclic graph");
};

/// Instantiates the error type of a mistake, which stops the compiler with its title and its text.
template <graph::mistake What, text::fixed_string Text>
consteval void raise() {
    using enum graph::mistake;
    if constexpr (What == invalid_name) (void)sizeof(error::invalid_name<Text>);
    if constexpr (What == duplicate_task) (void)sizeof(error::duplicate_task<Text>);
    if constexpr (What == duplicate_host) (void)sizeof(error::duplicate_host<Text>);
    if constexpr (What == duplicate_parameter) (void)sizeof(error::duplicate_parameter<Text>);
    if constexpr (What == empty_command) (void)sizeof(error::empty_command<Text>);
    if constexpr (What == unbalanced_quotes) (void)sizeof(error::unbalanced_quotes<Text>);
    if constexpr (What == malformed_reference) (void)sizeof(error::malformed_reference<Text>);
    if constexpr (What == absolute_path) (void)sizeof(error::absolute_path<Text>);
    if constexpr (What == path_leaves_directory) (void)sizeof(error::path_leaves_directory<Text>);
    if constexpr (What == value_in_here_document) (void)sizeof(error::value_in_here_document<Text>);
    if constexpr (What == unknown_workflow) (void)sizeof(error::unknown_workflow<Text>);
    if constexpr (What == unknown_task) (void)sizeof(error::unknown_task<Text>);
    if constexpr (What == self_reference) (void)sizeof(error::self_reference<Text>);
    if constexpr (What == output_not_promised) (void)sizeof(error::output_not_promised<Text>);
    if constexpr (What == undeclared_parameter) (void)sizeof(error::undeclared_parameter<Text>);
    if constexpr (What == unknown_host) (void)sizeof(error::unknown_host<Text>);
    if constexpr (What == cycle) (void)sizeof(error::cycle<Text>);
}

/// A problem's text in its exact length, as a template argument.
template <const graph::problem& Problem>
consteval auto text_of() {
    text::fixed_string<Problem.text.size + 1> exact;
    for (std::size_t i = 0; i < Problem.text.size; ++i) exact.characters[i] = Problem.text.characters[i];
    return exact;
}

}  // namespace weft::error
