// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/build.hpp>
#include <weft/graph/errors.hpp>
#include <weft/graph/read_part.hpp>
#include <weft/graph/validate.hpp>

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/unpack.hpp>

#include <array>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace weft {

namespace graph {

template <class... Parts>
inline constexpr std::array<part_row, sizeof...(Parts)> rows_of{part_reader<Parts>::row...};

template <class... Parts>
inline constexpr auto graph_of =
    build<sizeof...(Parts), bounds_of(rows_of<Parts...>).links>(rows_of<Parts...>);

template <text::fixed_string Name, class... Parts>
inline constexpr problem problem_of = validator(Name.view(), rows_of<Parts...>).check(graph_of<Parts...>);

template <class T>
inline constexpr bool is_task = false;
template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
inline constexpr bool is_task<dsl::task_type<Name, Action, Variables, Modifiers...>> = true;

template <class T>
inline constexpr std::size_t variables_of = 0;
template <text::fixed_string Name, class Action, std::size_t Variables, class... Modifiers>
inline constexpr std::size_t variables_of<dsl::task_type<Name, Action, Variables, Modifiers...>> = Variables;

constexpr std::size_t count(std::initializer_list<std::size_t> numbers) {
    std::size_t sum = 0;
    for (const std::size_t number : numbers) sum += number;
    return sum;
}

template <class... Parts>
inline constexpr std::size_t parameter_count = count({std::size_t{part_reader<Parts>::row.kind ==
                                                                  part_kind::param}...});

/// Where the parameters are among the parts.
template <class... Parts>
consteval auto parameter_places() {
    std::array<std::size_t, parameter_count<Parts...>> places{};
    std::size_t found = 0;
    for (std::size_t part = 0; part < sizeof...(Parts); ++part)
        if (rows_of<Parts...>[part].kind == part_kind::param) places[found++] = part;
    return places;
}

template <std::size_t>
using any_part = const void*;

/// Picks the part that stands behind as many others as `Before` has elements.
template <class Before>
struct part_picker;
template <std::size_t... Before>
struct part_picker<std::index_sequence<Before...>> {
    template <class Part>
    static constexpr const Part& pick(any_part<Before>..., const Part* part, ...) {
        return *part;
    }
};

template <std::size_t Place, class... Parts>
constexpr decltype(auto) pick(const Parts&... parts) {
    return part_picker<std::make_index_sequence<Place>>::pick(&parts...);
}

/// The parameters among the parts, with their types. Shell tasks are never stored: a tuple of a thousand
/// costs seconds.
template <class... Parts>
constexpr auto parameters_among(const Parts&... parts) {
    return [&]<std::size_t... Each>(std::index_sequence<Each...>) {
        return boost::hana::make_basic_tuple(pick<parameter_places<Parts...>()[Each]>(parts...)...);
    }
    (std::make_index_sequence<parameter_count<Parts...>>{});
}

}  // namespace graph

/// A declared workflow whose graph has been proved sound. The graph is in the type; the object holds the
/// quantities.
template <text::fixed_string Name, class... Parts>
class workflow_type {
public:
    using graph_type = std::remove_const_t<decltype(graph::graph_of<Parts...>)>;

    /// What names and commands decide: constants.
    static constexpr std::string_view name() { return Name.view(); }
    static constexpr const graph_type& graph() { return graph::graph_of<Parts...>; }
    static constexpr std::span<const graph::part_row> rows() { return graph::rows_of<Parts...>; }
    static constexpr std::size_t task_count() { return graph().tasks; }
    static constexpr std::size_t edge_count() { return graph().edges(); }  ///< distinct task-to-task edges
    static constexpr std::size_t depth() { return graph().depth; }         ///< levels
    static constexpr std::size_t width() { return graph().width; }         ///< tasks on the widest level

    constexpr explicit workflow_type(const Parts&... parts) : parameters_(graph::parameters_among(parts...)) {
        std::size_t task = 0;
        std::size_t variable = 0;
        // A list, not a fold: Clang ends a fold at 256 operands.
        const bool stored[] = {true, (store(parts, task, variable), true)...};
        (void)stored;
    }

    // What the object holds, in order of declaration.
    constexpr const auto& settings() const { return settings_; }
    constexpr const auto& environment() const { return environment_; }

    /// Calls `each(parameter)` for every declared parameter, with its type.
    template <class Each>
    constexpr void parameters(Each each) const {
        boost::hana::unpack(parameters_, [&](const auto&... parameter) {
            const bool visited[] = {true, (each(parameter), true)...};
            (void)visited;
        });
    }

private:
    template <text::fixed_string Task, class Action, std::size_t Variables, class... Modifiers>
    constexpr void store(const dsl::task_type<Task, Action, Variables, Modifiers...>& part, std::size_t& task,
                         std::size_t& variable) {
        settings_[task++] = part.settings;
        for (const std::string_view value : part.environment) environment_[variable++] = value;
    }
    static constexpr void store(const auto&, std::size_t&, std::size_t&) {}

    std::array<dsl::settings, graph::graph_of<Parts...>.tasks> settings_{};
    std::array<std::string_view, graph::count({graph::variables_of<Parts>...})> environment_{};
    decltype(graph::parameters_among(std::declval<const Parts&>()...)) parameters_;
};

namespace dsl {

template <text::fixed_string Name>
struct workflow_maker {
    template <graph::part... Parts>
    constexpr auto operator()(const Parts&... parts) const {
        constexpr const graph::problem& found = graph::problem_of<Name, Parts...>;
        if constexpr (found.what != graph::mistake::none) error::raise<found.what, error::text_of<found>()>();
        return workflow_type<Name, Parts...>(parts...);
    }
};

}  // namespace dsl

/// A workflow: tasks, hosts and parameters, in any order. Its graph is built and proved by the compiler; what
/// is wrong with it is a compile error that names the task, the workflow and the culprit.
///
///     constexpr auto flow = workflow<"hello">(task<"A">(sh<"hostname > f">),
///                                             task<"B">(sh<"cat workflow:///A/f">));
///     static_assert(flow.depth() == 2);
template <text::fixed_string Name>
inline constexpr dsl::workflow_maker<Name> workflow{};

}  // namespace weft
