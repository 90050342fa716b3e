// SPDX-License-Identifier: MIT
// The graph of a workflow as the types of its functions need it. It names all parts, so it is named where the
// whole workflow or a block of tasks is meant, never for a single task.
#pragma once

#include <weft/dsl/task.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/build.hpp>
#include <weft/graph/errors.hpp>
#include <weft/graph/message.hpp>
#include <weft/graph/read_part.hpp>
#include <weft/plan/type_list.hpp>
#include <weft/pool/layout.hpp>

#include <cstddef>
#include <string_view>

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
    using type = tree_of<Parts...>;
};
template <class List>
struct listed;
template <class... Parts>
struct listed<dsl::types<Parts...>> : flat_parts<false, Parts...> {};
template <class... Parts>
struct flat_parts<true, Parts...> : listed<typename joined_lists<typename parts_in<Parts>::type...>::type> {};

/// The graph of a workflow with functions, where types can read it. Of a workflow without functions,
/// `workflow` evaluates the steps up to `built` itself; those after it require a graph without mistakes.
template <text::fixed_string Name, class... Parts>
struct function_graph {
    static constexpr graph::part_sizes part_sizes = graph::sum({graph::part_reader<Parts>::sizes...});
    static constexpr graph::scope_row self{0, graph::name_of(Name.view()), graph::name_of(Name.view())};
    static constexpr auto rows = graph::put_together<part_sizes.rows, part_sizes.scopes + 1>(
        self, graph::part_reader<Parts>::read()...);
    static constexpr graph::graph_sizes sizes = graph::sizes_of(rows.parts(), rows.workflows());
    static constexpr graph::part_numbering<sizes> numbered{rows.parts(), rows.workflows()};
    static constexpr auto resolved = graph::resolve(rows.parts(), rows.workflows(), numbered);
    static constexpr auto built = graph::in_order(graph::constant_edges(resolved));
    static constexpr std::size_t tasks = sizes.tasks;
    static constexpr std::size_t edges = built.edges();
    static constexpr auto layout = [] {
        pool::layout_tables<tasks, edges> tables;
        pool::lay_out(built, tables);
        return tables;
    }();
    using parts = typename flat_parts<(part_sizes.scopes > 0), Parts...>::type;
    /// Task -> its position in the layout.
    struct places {
        graph::index of[tasks + 1]{};
    };
    static constexpr places positions = [] {
        places all;
        for (graph::index at = 0; at < tasks; ++at) all.of[layout.task_at[at]] = at;
        return all;
    }();

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

/// The constants of the graph that `workflow` uses. Without functions they are local to it: static members
/// would have long symbols. With functions they are those of the function_graph, and the local ones have no
/// parts, so that each exists once.
template <bool Functions>
struct graph_source {
    struct not_shared {};
    struct nothing {
        static constexpr not_shared sizes{}, rows{}, resolved{}, built{};
    };
    template <text::fixed_string, class...>
    using shared = nothing;
    template <class Part>
    using own_part = Part;
    static constexpr std::size_t own(std::size_t count) { return count; }
    template <class Own>
    static constexpr const Own& choose(const Own& own, const not_shared&) {
        return own;
    }
};
template <>
struct graph_source<true> {
    template <text::fixed_string Name, class... Parts>
    using shared = function_graph<Name, Parts...>;
    template <class>
    using own_part = graph::no_part;
    static constexpr std::size_t own(std::size_t) { return 0; }
    template <class Own, class Shared>
    static constexpr const Shared& choose(const Own&, const Shared& shared) {
        return shared;
    }
};

/// Raises an error of the catalogue with the sentence of `Message`.
template <template <text::fixed_string, class> class Error, class Message>
consteval bool raise_error() {
    constexpr const graph::message& said = Message::said;
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

}  // namespace weft::plan
