// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/function.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/part.hpp>

#include <cstddef>

namespace weft::graph {

/// The arguments of a function among those of one kind, as `Kept`.
template <class Kept, class... Arguments>
struct from_arguments {
    using type = Kept;
};
template <class... Kept, text::fixed_string Task, class... Rest>
struct from_arguments<dsl::types<Kept...>, dsl::from_argument<Task>, Rest...>
    : from_arguments<dsl::types<Kept..., dsl::from_argument<Task>>, Rest...> {};
template <class... Kept, class Other, class... Rest>
struct from_arguments<dsl::types<Kept...>, Other, Rest...> : from_arguments<dsl::types<Kept...>, Rest...> {};

template <class Argument>
inline constexpr std::string_view parameter_of{};
template <text::fixed_string Parameter>
inline constexpr std::string_view parameter_of<dsl::value_argument<Parameter>> = Parameter.view();

/// The distinct parameters that a function takes.
template <std::size_t Most>
struct value_rows {
    placeholder rows[Most + 1]{};
    index count = 0;
    index of_argument[Most + 1]{};  ///< which of `rows` an argument is; `absent` if it is no parameter
};

/// What the arguments of a function name.
template <class... Arguments>
struct argument_rows {
    using from = typename from_arguments<dsl::types<>, Arguments...>::type;

    static constexpr value_rows<sizeof...(Arguments)> placed = [] {
        value_rows<sizeof...(Arguments)> values;
        constexpr std::string_view names[] = {parameter_of<Arguments>..., {}};
        for (std::size_t argument = 0; argument < sizeof...(Arguments); ++argument) {
            values.of_argument[argument] = absent;
            if (names[argument].empty()) continue;
            const named name = name_of(names[argument]);
            index at = 0;
            while (at < values.count && !(values.rows[at].name == name)) ++at;
            if (at == values.count) values.rows[values.count++].name = name;
            values.of_argument[argument] = at;
        }
        return values;
    }();
    static constexpr list<placeholder> values() { return {placed.rows, placed.count}; }
};

}  // namespace weft::graph
