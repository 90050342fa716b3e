// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/message.hpp>
#include <weft/graph/problem.hpp>
#include <weft/text/fixed_string.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace weft::error {

// The circumstances of a mistake. Compilers print these in their first note, because Clang cuts a text there
// after about 34 characters and prints the whole sentence only in a later note.
template <text::fixed_string Name>
struct in_workflow {};
template <text::fixed_string Name>
struct in_task {};
template <text::fixed_string Culprit>
struct about {};
template <text::fixed_string Name>
struct did_you_mean {};

/// All circumstances of a mistake.
template <class... Words>
struct where {};

// Always false. In a failed assertion GCC 12 prints the whole argument of a variable template, Clang that of
// a concept.
template <text::fixed_string Text>
inline constexpr bool never = false;
#ifdef __clang__
template <text::fixed_string Text>
concept explained = never<Text>;
#else
template <text::fixed_string Text>
inline constexpr bool explained = never<Text>;
#endif

// The catalogue: one type per mistake. Its arguments are the sentence of the explainer and the
// circumstances.

template <text::fixed_string Text, class Where = where<>>
struct invalid_name {
    static_assert(explained<Text>, "weft: a name contains a character that is not allowed");
};

template <text::fixed_string Text, class Where = where<>>
struct duplicate_task {
    static_assert(explained<Text>, "weft: task names must be unique in a workflow");
};

template <text::fixed_string Text, class Where = where<>>
struct duplicate_host {
    static_assert(explained<Text>, "weft: host names must be unique in a workflow");
};

template <text::fixed_string Text, class Where = where<>>
struct duplicate_parameter {
    static_assert(explained<Text>, "weft: parameter names must be unique in a workflow");
};

template <text::fixed_string Text, class Where = where<>>
struct duplicate_workflow {
    static_assert(explained<Text>, "weft: names of tasks and nested workflows must be unique in a workflow");
};

template <text::fixed_string Text, class Where = where<>>
struct empty_command {
    static_assert(explained<Text>, "weft: a command must not be empty");
};

template <text::fixed_string Text, class Where = where<>>
struct unbalanced_quotes {
    static_assert(explained<Text>, "weft: quotes in a command must be closed");
};

template <text::fixed_string Text, class Where = where<>>
struct malformed_reference {
    static_assert(explained<Text>, "weft: a reference is workflow:///task/path");
};

template <text::fixed_string Text, class Where = where<>>
struct absolute_path {
    static_assert(explained<Text>, "weft: paths are relative to a task's directory");
};

template <text::fixed_string Text, class Where = where<>>
struct path_leaves_directory {
    static_assert(explained<Text>, "weft: a path must not leave its task's directory");
};

template <text::fixed_string Text, class Where = where<>>
struct unquotable_value {
    static_assert(explained<Text>, "weft: a placeholder or reference is where it cannot be quoted safely");
};

template <text::fixed_string Text, class Where = where<>>
struct several_words {
    static_assert(explained<Text>, "weft: a list or a glob is in a position where a shell takes one word");
};

template <text::fixed_string Text, class Where = where<>>
struct literal_placeholder {
    static_assert(explained<Text>, "weft: a placeholder is in a position where it is not replaced");
};

template <text::fixed_string Text, class Where = where<>>
struct unknown_workflow {
    static_assert(explained<Text>, "weft: a reference names a workflow that is not a part of this one");
};

template <text::fixed_string Text, class Where = where<>>
struct unknown_task {
    static_assert(explained<Text>, "weft: a task refers to a task that does not exist");
};

template <text::fixed_string Text, class Where = where<>>
struct self_reference {
    static_assert(explained<Text>, "weft: a task cannot depend on itself");
};

template <text::fixed_string Text, class Where = where<>>
struct output_not_promised {
    static_assert(explained<Text>, "weft: a reference names a file that its producer does not declare");
};

template <text::fixed_string Text, class Where = where<>>
struct undeclared_parameter {
    static_assert(explained<Text>, "weft: a parameter is used but not declared");
};

template <text::fixed_string Text, class Where = where<>>
struct parameter_types_differ {
    static_assert(explained<Text>, "weft: a parameter is declared with two types");
};

template <text::fixed_string Text, class Where = where<>>
struct unknown_host {
    static_assert(explained<Text>, "weft: a task runs on a host that is not declared");
};

template <text::fixed_string Text, class Where = where<>>
struct no_value {
    static_assert(explained<Text>, "weft: the value of a task that returns none is used");
};

template <text::fixed_string Text, class Where = where<>>
struct function_on_host {
    static_assert(explained<Text>, "weft: a function runs in this process, not on a host");
};

template <text::fixed_string Text, class Where = where<>>
struct not_callable {
    static_assert(explained<Text>, "weft: a function cannot be called with its arguments");
};

template <text::fixed_string Text, class Where = where<>>
struct returns_reference {
    static_assert(explained<Text>, "weft: a function task must return a value, not a reference");
};

template <text::fixed_string Text, class Where = where<>>
struct no_text {
    static_assert(explained<Text>, "weft: a command takes a value that cannot be written as text");
};

template <text::fixed_string Text, class Where = where<>>
struct unknown_value {
    static_assert(explained<Text>, "weft: value<> of a report names a task that does not exist");
};

template <text::fixed_string Text, class Where = where<>>
struct value_moved {
    static_assert(explained<Text>, "weft: value<> of a report names a value that was moved away");
};

template <text::fixed_string Text, class Where = where<>>
struct cycle {
    static_assert(explained<Text>, "weft: the tasks of a workflow must form an acyclic graph");
};

template <class... Before, class... After>
consteval where<Before..., After...> operator+(where<Before...>, where<After...>) {
    return {};
}

/// One circumstance of a mistake; empty for an empty text.
template <template <text::fixed_string> class Word, text::fixed_string Text>
consteval auto word() {
    if constexpr (Text.view().empty())
        return where<>();
    else
        return where<Word<Text>>();
}

/// A text as a template argument of exactly its length.
template <std::size_t Size>
consteval text::fixed_string<Size + 1> exactly(std::string_view text) {
    text::fixed_string<Size + 1> exact;
    for (std::size_t i = 0; i < Size; ++i) exact.characters[i] = text[i];
    exact.characters[Size] = '\0';  // Clang prints an array as text only if all of it was written
    return exact;
}

/// A reference to a sibling workflow: valid while the workflow is only declared, an error when it is used by
/// itself. Without such a reference the sentence is empty.
template <text::fixed_string Text, class Where>
struct open_reference {
    static constexpr void refuse() {
        if constexpr (!Text.view().empty()) (void)sizeof(error::unknown_workflow<Text, Where>);
    }
};
/// The error type of a mistake. Its instantiation stops the compiler with the title and the sentence. Callers
/// name it in an unevaluated operand, so that no surrounding constant fails too.
template <graph::mistake Kind>
struct error_of {
    template <text::fixed_string Text, class Where>
    static consteval auto as() {
        using enum graph::mistake;
        if constexpr (Kind == invalid_name)
            return std::type_identity<error::invalid_name<Text, Where>>();
        else if constexpr (Kind == duplicate_task)
            return std::type_identity<error::duplicate_task<Text, Where>>();
        else if constexpr (Kind == duplicate_host)
            return std::type_identity<error::duplicate_host<Text, Where>>();
        else if constexpr (Kind == duplicate_parameter)
            return std::type_identity<error::duplicate_parameter<Text, Where>>();
        else if constexpr (Kind == duplicate_workflow)
            return std::type_identity<error::duplicate_workflow<Text, Where>>();
        else if constexpr (Kind == empty_command)
            return std::type_identity<error::empty_command<Text, Where>>();
        else if constexpr (Kind == unbalanced_quotes)
            return std::type_identity<error::unbalanced_quotes<Text, Where>>();
        else if constexpr (Kind == malformed_reference)
            return std::type_identity<error::malformed_reference<Text, Where>>();
        else if constexpr (Kind == absolute_path)
            return std::type_identity<error::absolute_path<Text, Where>>();
        else if constexpr (Kind == path_leaves_directory)
            return std::type_identity<error::path_leaves_directory<Text, Where>>();
        else if constexpr (Kind == unquotable_value)
            return std::type_identity<error::unquotable_value<Text, Where>>();
        else if constexpr (Kind == several_words)
            return std::type_identity<error::several_words<Text, Where>>();
        else if constexpr (Kind == literal_placeholder)
            return std::type_identity<error::literal_placeholder<Text, Where>>();
        else if constexpr (Kind == unknown_workflow)
            return std::type_identity<error::unknown_workflow<Text, Where>>();
        else if constexpr (Kind == unknown_task)
            return std::type_identity<error::unknown_task<Text, Where>>();
        else if constexpr (Kind == self_reference)
            return std::type_identity<error::self_reference<Text, Where>>();
        else if constexpr (Kind == output_not_promised)
            return std::type_identity<error::output_not_promised<Text, Where>>();
        else if constexpr (Kind == undeclared_parameter)
            return std::type_identity<error::undeclared_parameter<Text, Where>>();
        else if constexpr (Kind == parameter_types_differ)
            return std::type_identity<error::parameter_types_differ<Text, Where>>();
        else if constexpr (Kind == unknown_host)
            return std::type_identity<error::unknown_host<Text, Where>>();
        else if constexpr (Kind == no_value)
            return std::type_identity<error::no_value<Text, Where>>();
        else if constexpr (Kind == function_on_host)
            return std::type_identity<error::function_on_host<Text, Where>>();
        else if constexpr (Kind == cycle)
            return std::type_identity<error::cycle<Text, Where>>();
    }
};

template <graph::mistake Kind, text::fixed_string Text, class Where>
using raised = typename decltype(error_of<Kind>::template as<Text, Where>())::type;

}  // namespace weft::error
