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
    using type = typename in_blocks<dsl::types<>, Parts...>::type;
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
    template <std::size_t Place>
    struct part {
        using type = type_in_blocks<Place, parts>;
    };

    /// Per task, how many arguments and commands take its value, and whether commands do.
    struct counts {
        graph::index of[tasks + 1]{};
        bool shown[tasks + 1]{};
        bool one_word[tasks + 1]{};  ///< a command takes it where several words may not stand
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
                    if (part.placeholders.rows[at - resolved.first_placeholder[task]].one_word)
                        all.one_word[resolved.number_of[source]] = true;
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
using source_kind = graph::argument_kind;
struct argument_source {
    source_kind kind = source_kind::value;
    graph::index at = 0;
};
template <std::size_t Arguments>
struct argument_sources {
    argument_source of[Arguments + 1]{};
};
/// `values` are the tasks whose values are taken, in order, `parameters` the parts of the parameters.
template <std::size_t Arguments>
constexpr argument_sources<Arguments> sources_of(const graph::argument_place* places,
                                                 const graph::index* values, const graph::index* parameters) {
    argument_sources<Arguments> all;
    for (std::size_t at = 0; at < Arguments; ++at) {
        const graph::argument_place& place = places[at];
        all.of[at] = {place.kind, place.kind == source_kind::value       ? values[place.at]
                                  : place.kind == source_kind::parameter ? parameters[place.at]
                                                                         : place.at};
    }
    return all;
}

/// What a slot needs of its type.
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

/// What the layout of a workflow's values has to know of a task.
struct node_row {
    bool sound = true;
    bool kept = false;  ///< its callable has a state
    shape result{};
    const argument_source* sources = nullptr;
    const bool* moves = nullptr;  ///< of each source, whether its value is moved into the call
    std::size_t arguments = 0;
};

/// A task of a workflow with its types. `Graph` is its function_graph. Each is instantiated after those that
/// it takes values of, however long the chain.
template <class Graph, std::size_t Task,
          class Part = typename Graph::template part<Graph::resolved.part_of[Task]>::type>
struct function_node {
    static constexpr bool is_function = false;
    static constexpr node_row row{};
    using result = no_result;
};

/// How an argument comes. What is copied as it is moved stays to be asked for; a type without copies may be
/// "trivially copyable".
template <class T>
inline constexpr bool is_copied = std::is_trivially_copyable_v<T>&& std::is_copy_constructible_v<T>;
template <>
inline constexpr bool is_copied<void> = true;
template <class Graph, source_kind Kind, graph::index At>
struct origin {
    using type = typename function_node<Graph, At>::result;
    using coming = incoming<type, Graph::uses.of[At] == 1 && !is_copied<type>>;
};
template <class Graph, graph::index At>
struct origin<Graph, source_kind::parameter, At> {
    using type = typename parameter_type<typename Graph::template part<At>::type>::type;
    using coming = incoming<type, false>;
};
template <class Graph, graph::index At>
struct origin<Graph, source_kind::file, At> {
    using coming = incoming<staged_file, false>;
};

/// Says what is wrong with the call of a task; only ever instantiated when something is.
template <class Graph, std::size_t Task, class Callable, class... Origin>
struct refused_call {
    using call = call_of<Callable, typename Origin::coming...>;

    /// The first argument that is a task's which returns nothing, or of which an error is told already.
    static constexpr std::size_t missing = [] {
        constexpr bool lacking[] = {Origin::coming::lacking..., true};
        std::size_t at = 0;
        while (!lacking[at]) ++at;
        return at;
    }();
    template <source_kind Kind, graph::index At>
    static consteval std::size_t task_of(const origin<Graph, Kind, At>*) {
        return At;
    }
    template <source_kind Kind, graph::index At>
    static consteval bool is_void(const origin<Graph, Kind, At>*) {
        if constexpr (Kind == source_kind::value)
            return std::is_void_v<typename origin<Graph, Kind, At>::type>;
        else
            return false;
    }

    struct void_told {
        static constexpr graph::message said = [] {
            const std::size_t tasks[] = {task_of(static_cast<Origin*>(nullptr))..., 0};
            graph::message text = told_of(Graph::path_of(Task), Graph::name());
            text << "takes the value of '" << graph::culprit{Graph::path_of(tasks[missing])}
                 << "', which returns nothing: return a value there, or use after<> for the order";
            return text;
        }();
    };
    template <source_kind Kind, graph::index At>
    static consteval std::string_view producer_of(const origin<Graph, Kind, At>*) {
        if constexpr (Kind == source_kind::value)
            return Graph::path_of(At);
        else
            return {};
    }
    struct call_told {
        static constexpr std::string_view producers[] = {producer_of(static_cast<Origin*>(nullptr))..., {}};
        static constexpr graph::message said = not_callable<call, Callable>(
            Graph::path_of(Task), Graph::name(), producers, dsl::types<typename Origin::coming...>());
    };
    struct reference_told {
        static constexpr graph::message said = [] {
            graph::message text = told_of(Graph::path_of(Task), Graph::name());
            text << "returns the reference " << graph::culprit{spelling<typename call::returned>()}
                 << ", and what it refers to may be gone when it is used: return a value";
            return text;
        }();
    };

    static consteval auto find() {
        if constexpr (call::lacking) {
            constexpr bool is_void_there[] = {is_void(static_cast<Origin*>(nullptr))..., false};
            if constexpr (is_void_there[missing]) raise_told<error::no_value, void_told>();
        } else if constexpr (!call::fits) {
            raise_told<error::not_callable, call_told>();
        } else {
            raise_told<error::returns_reference, reference_told>();
        }
        return std::type_identity<no_result>();
    }
    using type = typename decltype(find())::type;
};
template <bool Sound, class Graph, std::size_t Task, class Callable, class... Origin>
struct checked_call {
    using call = call_of<Callable, typename Origin::coming...>;
    using result = typename call::result;
    static constexpr const bool* moves = call::chosen::moves;
};
template <class Graph, std::size_t Task, class Callable, class... Origin>
struct checked_call<false, Graph, Task, Callable, Origin...> {
    using result = typename refused_call<Graph, Task, Callable, Origin...>::type;
    static constexpr const bool* moves = nullptr;
};

template <class Graph, std::size_t Task, text::fixed_string Name, class Callable, class... Arguments,
          std::size_t Variables, class... Modifiers>
struct function_node<
    Graph, Task,
    dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>> {
    static constexpr bool is_function = true;
    using callable = Callable;
    using indices = std::make_index_sequence<sizeof...(Arguments)>;

    static constexpr argument_sources<sizeof...(Arguments)> found = sources_of<sizeof...(Arguments)>(
        graph::argument_rows<Arguments...>::table.places,
        Graph::resolved.link_target + Graph::resolved.first_link[Task] +
            graph::argument_rows<Arguments...>::table.file_count,
        Graph::resolved.placeholder_part + Graph::resolved.first_placeholder[Task]);

    template <class... Origin>
    using checked =
        checked_call<call_of<Callable, typename Origin::coming...>::sound, Graph, Task, Callable, Origin...>;
    template <std::size_t... Each>
    static auto check(std::index_sequence<Each...>)
        -> checked<origin<Graph, found.of[Each].kind, found.of[Each].at>...>;
    using call = decltype(check(indices()));
    using result = typename call::result;
    static constexpr node_row row{!std::is_same_v<result, no_result>,
                                  !dsl::is_stateless<Callable>,
                                  shape_of<result>,
                                  found.of,
                                  call::moves,
                                  sizeof...(Arguments)};
};

}  // namespace weft::plan
