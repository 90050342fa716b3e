// SPDX-License-Identifier: MIT
#pragma once

#include <weft/plan/constant_tables.hpp>
#include <weft/plan/function_rows.hpp>
#include <weft/plan/parameter_parts.hpp>

#include <boost/hana/basic_tuple.hpp>

#include <cstddef>
#include <initializer_list>
#include <utility>

namespace weft::plan {

/// The stored callables of a part, as a Hana tuple.
template <text::fixed_string Name, class Callable, class... Arguments, std::size_t Variables,
          class... Modifiers>
constexpr auto callables_of(
    const dsl::task_type<Name, dsl::function_action<Callable, Arguments...>, Variables, Modifiers...>& task) {
    return boost::hana::make_basic_tuple(static_cast<const dsl::kept_callable<Callable>&>(task).callable);
}
template <text::fixed_string Name, class Rows, class... Parts>
constexpr auto callables_of(const workflow_type<Name, Rows, Parts...>& part) {
    return part.functions.callables;
}
template <text::fixed_string Name, text::fixed_string Declared, class Rows, class Parts, class Bindings>
constexpr auto callables_of(const dsl::nested_type<Name, Declared, Rows, Parts, Bindings>& part) {
    return part.rows.functions.callables;
}

/// The positions of the parts with stored callables among a workflow's parts.
template <std::size_t Most>
consteval part_places<Most> places_of_callables(std::initializer_list<graph::part_sizes> parts) {
    part_places<Most> places;
    std::size_t at = 0;
    for (const graph::part_sizes& part : parts) {
        if (part.callables) places.at[places.count++] = at;
        ++at;
    }
    return places;
}

template <part_places Places, bool Empty = Places.count == 0>
struct callable_choice {
    template <class... Parts>
    static constexpr auto among(const Parts*... parts) {
        return [&]<std::size_t... Each>(std::index_sequence<Each...>) {
            return concatenated(
                callables_of(part_picker<std::make_index_sequence<Places.at[Each]>>::pick(parts...))...);
        }
        (std::make_index_sequence<Places.count>{});
    }
};
template <part_places Places>
struct callable_choice<Places, true> {
    static constexpr boost::hana::basic_tuple<> among(...) { return {}; }
};

/// The parameters that functions take, as numbers of parts; as many as are marked.
template <std::size_t Parts>
struct taken_parameters {
    bool is[Parts + 1]{};
    std::size_t count = 0;
    bool complete = true;  ///< all tasks are functions, and none uses files
};
template <class Graph>
consteval auto find_taken() {
    taken_parameters<Graph::part_sizes.rows> all;
    for (graph::index task = 0; task < Graph::tasks; ++task) {
        if (!Graph::rows.rows[Graph::resolved.part_of[task]].function) {
            all.complete = false;
            continue;
        }
        const graph::part_row& part = Graph::rows.rows[Graph::resolved.part_of[task]];
        if (part.mentions.count != 0) all.complete = false;
        for (const graph::modifier_row& modifier : part.modifiers)
            if (!graph::is_order(modifier.kind)) all.complete = false;
        for (graph::index at = Graph::resolved.first_placeholder[task];
             at < Graph::resolved.first_placeholder[task + 1]; ++at) {
            bool& is = all.is[Graph::resolved.placeholder_part[at]];
            all.count += !is;
            is = true;
        }
    }
    return all;
}

/// The tables of the functions of `Graph`.
template <class Graph, class Callables>
constexpr auto lower_functions(const Callables& callables) {
    using layout = function_layout<Graph>;
    constexpr auto taken = find_taken<Graph>();
    constexpr std::size_t blocks = (Graph::tasks + block_size - 1) / block_size;
    function_rows<Graph::tasks, Graph::edges, blocks, taken.count, taken.complete, Callables,
                  typename layout::shown_values>
        rows{Graph::layout, {}, {}, {}, 0, 1, callables};
    if constexpr (!layout::sound) {
        (void)sizeof(tell_of_calls<Graph>(typename layout::blocks()));
    } else {
        layout::add_functions(rows.blocks, typename layout::blocks());
        for (std::size_t task = 0; task < Graph::tasks; ++task)
            rows.slots[task] = layout::places.results[task];
        for (const graph::index consumer : layout::moved_into.of)
            if (consumer != graph::absent) rows.slots[consumer].consumes = true;
        std::size_t count = 0;
        for (std::size_t part = 0; part < Graph::part_sizes.rows; ++part)
            if (taken.is[part])
                rows.parameters[count++] = {Graph::resolved.number_of[part], layout::places.parameters[part]};
        rows.size = layout::places.size;
        rows.alignment = layout::places.alignment;
    }
    return rows;
}

template <bool Any>
struct function_choice {
    template <text::fixed_string, table_sizes>
    static constexpr no_functions among(...) {
        return {};
    }
};
template <>
struct function_choice<true> {
    template <text::fixed_string Name, table_sizes Sizes, class... Parts>
    static constexpr auto among(const Parts*... parts) {
        constexpr auto places = places_of_callables<sizeof...(Parts)>({graph::part_reader<Parts>::sizes...});
        return lower_functions<function_graph<Name, Parts...>>(callable_choice<places>::among(parts...));
    }
};

}  // namespace weft::plan
