// SPDX-License-Identifier: MIT
// The type of a task's value, by the task's name; or an error that says why there is none.
#pragma once

#include <weft/graph/errors.hpp>
#include <weft/plan/function_flow.hpp>
#include <weft/plan/function_rows.hpp>
#include <weft/text/name.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace weft::function {

template <class W>
struct graph_of;
template <text::fixed_string Name, class Rows, class... Parts>
struct graph_of<workflow_type<Name, Rows, Parts...>> {
    using type = plan::function_graph<Name, Parts...>;
};

/// A task's number by its name, "winter/plot" in a nested workflow; the number of tasks if there is none.
template <class Graph>
consteval std::size_t number_of(std::string_view name) {
    std::size_t at = 0;
    while (at < Graph::tasks && Graph::path_of(at) != name) ++at;
    return at;
}

template <class W, text::fixed_string Name>
inline constexpr std::size_t task_of = number_of<typename graph_of<W>::type>(Name.view());

template <class Graph, text::fixed_string Name>
struct value_finder {
    static constexpr std::size_t task = number_of<Graph>(Name.view());

    struct unknown_message {
        static constexpr graph::message said = [] {
            graph::message text;
            text.workflow = (text << "workflow '").put(Graph::name());
            text << "' has no task '" << graph::culprit{Name.view()} << "'";
            std::string_view nearest;
            std::size_t least = Name.view().size() / 3 + 2;
            for (std::size_t at = 0; at < Graph::tasks; ++at) {
                const std::size_t distance = text::edit_distance(Name.view(), Graph::path_of(at));
                if (distance >= least || distance >= Graph::path_of(at).size()) continue;
                least = distance;
                nearest = Graph::path_of(at);
            }
            if (!nearest.empty()) {
                text << "; did you mean '";
                text.suggestion = text.put(nearest);
                text << "'?";
            }
            return text;
        }();
    };
    struct void_message {
        static constexpr graph::message said = [] {
            graph::message text = plan::message_about(Graph::path_of(task), Graph::name());
            text << "returns nothing: use its status, or return a value";
            return text;
        }();
    };
    struct moved_message {
        static constexpr graph::message said = [] {
            graph::message text = plan::message_about(Graph::path_of(task), Graph::name());
            text << "has no value, because it was moved into its only consumer '"
                 << graph::culprit{Graph::path_of(plan::function_layout<Graph>::moved_into.of[task])}
                 << "', which takes it by value: take it there by const reference";
            return text;
        }();
    };

    static consteval auto find() {
        if constexpr (task == Graph::tasks) {
            plan::raise_error<error::unknown_value, unknown_message>();
            return std::type_identity<plan::no_result>();
        } else {
            using result = typename plan::result_of<Graph, task>::type;
            if constexpr (std::is_void_v<result>) {
                plan::raise_error<error::no_value, void_message>();
                return std::type_identity<plan::no_result>();
            } else {
                if constexpr (plan::function_layout<Graph>::moved_into.of[task] != graph::absent)
                    plan::raise_error<error::value_moved, moved_message>();
                return std::type_identity<result>();
            }
        }
    }
    using type = typename decltype(find())::type;
};

template <class W, text::fixed_string Name>
using value_of = typename value_finder<typename graph_of<W>::type, Name>::type;

}  // namespace weft::function
