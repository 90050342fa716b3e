// SPDX-License-Identifier: MIT
// Values of functions in commands, {{sum}}: checks that they can be written as text.
#pragma once

#include <weft/dsl/parameter_type.hpp>
#include <weft/graph/errors.hpp>
#include <weft/plan/function_flow.hpp>

#include <cstddef>
#include <type_traits>

namespace weft::plan {

/// The type of a value in a command.
template <class Graph, std::size_t Task>
struct function_shown {
    using result = typename result_of<Graph, Task>::type;

    struct void_message {
        static constexpr graph::message said = [] {
            graph::message text = message_about(Graph::path_of(Task), Graph::name());
            text << "returns nothing, but a command uses its value {{" << graph::culprit{Graph::path_of(Task)}
                 << "}}: return a value";
            return text;
        }();
    };
    struct text_message {
        static constexpr graph::message said = [] {
            graph::message text = message_about(Graph::path_of(Task), Graph::name());
            text << "returns '" << graph::culprit{spelling<result>()} << "', which a command uses by {{"
                 << Graph::path_of(Task)
                 << "}} and which has no conversion to text: write std::string to_string(const T&) in its "
                    "namespace";
            return text;
        }();
    };

    struct list_message {
        static constexpr graph::message said = [] {
            graph::message text = message_about(Graph::path_of(Task), Graph::name());
            text << "returns a list, which a command uses by {{" << graph::culprit{Graph::path_of(Task)}
                 << "}} where a shell takes one word (an assignment, a redirection, case, [ ]): write \"{{"
                 << Graph::path_of(Task) << "}}\" for all elements in one word, or an array, x=( {{"
                 << Graph::path_of(Task) << "}} )";
            return text;
        }();
    };

    static consteval auto find() {
        if constexpr (std::is_same_v<result, no_result>) {
            return std::type_identity<int>();  // an error is already reported
        } else if constexpr (std::is_void_v<result>) {
            raise_error<error::no_value, void_message>();
            return std::type_identity<int>();
        } else if constexpr (!dsl::shown_value<result>) {
            raise_error<error::no_text, text_message>();
            return std::type_identity<int>();
        } else if constexpr (dsl::list_like<result> && Graph::uses.one_word[Task]) {
            raise_error<error::several_words, list_message>();
            return std::type_identity<int>();
        } else {
            return std::type_identity<result>();
        }
    }
    using type = typename decltype(find())::type;
};

}  // namespace weft::plan
