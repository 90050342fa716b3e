// SPDX-License-Identifier: MIT
// The functions of a workflow with their types: what each returns, where that lies, and the calls in order.
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/staged_file.hpp>
#include <weft/dsl/task.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/build.hpp>
#include <weft/graph/errors.hpp>
#include <weft/graph/read_part.hpp>
#include <weft/plan/function_call.hpp>
#include <weft/plan/function_step.hpp>
#include <weft/pool/layout.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

// The parts of a workflow and of those in it, one after the other, as graph::part_rows has them.
template <class... Lists>
struct joined_lists {
    using type = dsl::types<>;
};
template <class... Parts>
struct joined_lists<dsl::types<Parts...>> {
    using type = dsl::types<Parts...>;
};
template <class... First, class... Second, class... Rest>
struct joined_lists<dsl::types<First...>, dsl::types<Second...>, Rest...>
    : joined_lists<dsl::types<First..., Second...>, Rest...> {};

template <class Part>
struct parts_in {
    using type = dsl::types<Part>;
};
template <text::fixed_string Name, text::fixed_string Declared, class Rows, class... Parts, class Bindings>
struct parts_in<dsl::nested_type<Name, Declared, Rows, dsl::types<Parts...>, Bindings>>
    : joined_lists<typename parts_in<Parts>::type...> {};
template <text::fixed_string Name, class Rows, class... Parts>
struct parts_in<workflow_type<Name, Rows, Parts...>> : joined_lists<typename parts_in<Parts>::type...> {};

template <bool Nested, class... Parts>
struct flat_parts {
    using type = type_list<std::make_index_sequence<sizeof...(Parts)>, Parts...>;
};
template <class List>
struct listed;
template <class... Parts>
struct listed<dsl::types<Parts...>> : flat_parts<false, Parts...> {};
template <class... Parts>
struct flat_parts<true, Parts...> : listed<typename joined_lists<typename parts_in<Parts>::type...>::type> {};

/// The graph of a workflow once more, where types can see it.
template <text::fixed_string Name, class... Parts>
struct function_graph {
    static constexpr graph::part_sizes part_sizes = graph::sum({graph::part_reader<Parts>::sizes...});
    static constexpr graph::scope_row self{0, graph::name_of(Name.view()), graph::name_of(Name.view())};
    static constexpr auto rows = graph::put_together<part_sizes.rows, part_sizes.scopes + 1>(
        self, graph::part_reader<Parts>::read()...);
    static constexpr graph::graph_sizes sizes = graph::sizes_of(rows.parts(), rows.workflows());
    static constexpr auto resolved = graph::resolve<sizes>(rows.parts(), rows.workflows());
    static constexpr auto built = graph::build(resolved);
    static constexpr std::size_t tasks = sizes.tasks;
    static constexpr std::size_t edges = built.edges();
    static constexpr auto layout = [] {
        pool::layout_tables<tasks, edges> tables;
        pool::lay_out(built, tables);
        return tables;
    }();
    using parts = typename flat_parts<(part_sizes.scopes > 0), Parts...>::type;

    /// Per task, how many arguments and commands take its value, and whether a command does.
    struct counts {
        graph::index of[tasks + 1]{};
        bool shown[tasks + 1]{};
    };
    static constexpr counts uses = [] {
        counts all;
        for (graph::index task = 0; task < tasks; ++task) {
            const graph::part_row& part = rows.rows[resolved.part_of[task]];
            if (!part.function) {
                for (graph::index at = resolved.first_placeholder[task];
                     at < resolved.first_placeholder[task + 1]; ++at) {
                    const graph::index source = resolved.placeholder_part[at];
                    if (source == graph::absent || rows.rows[source].kind != graph::part_kind::task) continue;
                    ++all.of[resolved.number_of[source]];
                    all.shown[resolved.number_of[source]] = true;
                }
                continue;
            }
            graph::index link = resolved.first_link[task] + part.mentions.count;
            part.names(graph::modifier_kind::from, [&](const graph::named&) {
                const graph::index target = resolved.link_target[link++];
                if (target != graph::absent) ++all.of[target];
            });
        }
        return all;
    }();
    static constexpr std::string_view path_of(std::size_t task) {
        return rows.rows[resolved.part_of[task]].path.view();
    }
    static consteval std::string_view name() { return rows.scopes[0].name.name.view(); }
};

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

/// Raises an error of the catalogue with the sentence of `Told`.
template <template <text::fixed_string, class> class Error, class Told>
consteval bool raise_told() {
    constexpr const graph::message& said = Told::said;
    (void)sizeof(
        Error<
            error::exactly<said.size>(said.view()),
            decltype(error::word<error::in_workflow,
                                 error::exactly<said.workflow.size>(said.view(said.workflow))>() +
                     error::word<error::in_task, error::exactly<said.task.size>(said.view(said.task))>() +
                     error::word<error::about, error::exactly<said.culprit.size>(said.view(said.culprit))>() +
                     error::word<error::did_you_mean,
                                 error::exactly<said.suggestion.size>(said.view(said.suggestion))>())>);
    return false;
}

/// Where an argument comes from: a task's value, a parameter by the place of its part, or a file by its place
/// among those of the task.
enum class source_kind { value, parameter, file };
struct argument_source {
    source_kind kind = source_kind::value;
    graph::index at = 0;
};

/// A task of a workflow with its types. `Graph` is its function_graph. Each is instantiated after those that
/// it takes values of, however long the chain.
template <class Graph, std::size_t Task,
          class Part = type_at<Graph::resolved.part_of[Task], typename Graph::parts>>
struct function_node {
    static constexpr bool is_function = false;
    static constexpr bool sound = true;
    using result = no_result;
};

/// An argument: its type, and how it comes.
template <class Graph, source_kind Kind, graph::index At>
struct origin {
    using type = typename function_node<Graph, At>::result;
    // What is copied as it is moved stays to be asked for. A type without copies may be "trivially copyable".
    static constexpr bool copied = std::is_trivially_copyable_v<type> && std::is_copy_constructible_v<type>;
    static constexpr bool owned = Graph::uses.of[At] == 1 && !copied;
    using coming = incoming<type, owned>;
};
template <class Graph, graph::index At>
struct origin<Graph, source_kind::parameter, At> {
    using type = typename parameter_type<type_at<At, typename Graph::parts>>::type;
    using coming = incoming<type, false>;
};
template <class Graph, graph::index At>
struct origin<Graph, source_kind::file, At> {
    using type = staged_file;
    using coming = incoming<type, false>;
};

template <class Graph, std::size_t Task, text::fixed_string Name, class Callable, class... Arguments,
          std::size_t Variables, class... Modifiers>
struct function_node<
    Graph, Task,
    dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>> {
    static constexpr bool is_function = true;
    using callable = Callable;

    struct sources {
        argument_source of[sizeof...(Arguments) + 1]{};
    };
    static constexpr sources found = [] {
        sources all;
        using arguments = graph::argument_rows<Arguments...>;
        const auto& placed = arguments::placed;
        const auto& files = arguments::files;
        graph::index link = Graph::resolved.first_link[Task] + files.count;
        for (std::size_t at = 0; at < sizeof...(Arguments); ++at) {
            if (files.of_argument[at] != graph::absent)
                all.of[at] = {source_kind::file, files.of_argument[at]};
            else if (placed.of_argument[at] == graph::absent)
                all.of[at] = {source_kind::value, Graph::resolved.link_target[link++]};
            else
                all.of[at] = {
                    source_kind::parameter,
                    Graph::resolved
                        .placeholder_part[Graph::resolved.first_placeholder[Task] + placed.of_argument[at]]};
        }
        return all;
    }();

    template <std::size_t... Each>
    static auto origins(std::index_sequence<Each...>)
        -> dsl::types<origin<Graph, found.of[Each].kind, found.of[Each].at>...>;
    using from = decltype(origins(std::make_index_sequence<sizeof...(Arguments)>()));

    /// The first argument that is a task's which returns nothing, or of which an error is told already.
    template <class... Origin>
    static consteval std::size_t valueless(dsl::types<Origin...>) {
        constexpr bool lacking[] = {
            (std::is_void_v<typename Origin::type> || std::is_same_v<typename Origin::type, no_result>)...,
            true};
        std::size_t at = 0;
        while (!lacking[at]) ++at;
        return at;
    }
    static constexpr std::size_t missing = valueless(from());

    struct void_told {
        static constexpr graph::message said = [] {
            graph::message text = told_of(Graph::path_of(Task), Graph::name());
            text << "takes the value of '" << graph::culprit{Graph::path_of(found.of[missing].at)}
                 << "', which returns nothing: return a value there, or use after<> for the order";
            return text;
        }();
    };

    template <class... Origin>
    static auto incoming_of(dsl::types<Origin...>) -> dsl::types<typename Origin::coming...>;
    static consteval auto find_call() {
        if constexpr (missing == sizeof...(Arguments))
            return std::type_identity<call_of<Callable, decltype(incoming_of(from()))>>();
        else
            return std::type_identity<void>();
    }
    using call = typename decltype(find_call())::type;

    struct call_told {
        static constexpr graph::message said = not_callable<call, Callable>(
            Graph::path_of(Task), Graph::name(), decltype(incoming_of(from()))());
    };
    struct reference_told {
        static constexpr graph::message said = [] {
            graph::message text = told_of(Graph::path_of(Task), Graph::name());
            text << "returns the reference " << graph::culprit{spelling<typename call::result>()}
                 << ", and what it refers to may be gone when it is used: return a value";
            return text;
        }();
    };

    static consteval auto find_result() {
        if constexpr (missing != sizeof...(Arguments)) {
            using source = origin<Graph, found.of[missing].kind, found.of[missing].at>;
            if constexpr (std::is_void_v<typename source::type>) raise_told<error::no_value, void_told>();
            return std::type_identity<no_result>();
        } else if constexpr (!call::fits()) {
            raise_told<error::not_callable, call_told>();
            return std::type_identity<no_result>();
        } else if constexpr (std::is_reference_v<typename call::result>) {
            raise_told<error::returns_reference, reference_told>();
            return std::type_identity<no_result>();
        } else {
            return std::type_identity<std::remove_cv_t<typename call::result>>();
        }
    }
    using result = typename decltype(find_result())::type;
    static constexpr bool sound = !std::is_same_v<result, no_result>;
};

}  // namespace weft::plan
