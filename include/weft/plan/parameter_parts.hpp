// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/param.hpp>
#include <weft/dsl/workflow.hpp>
#include <weft/graph/part_rows.hpp>

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/unpack.hpp>

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// A parameter of a nested workflow that is bound to a value.
template <class Parameter>
struct bound_parameter {
    Parameter parameter;
};

/// The parameter with the value of the binding, if the binding is for this parameter.
template <text::fixed_string Name, class T, bool Optional, class Value>
constexpr auto bind(const dsl::param_type<Name, T, Optional>& declared,
                    const dsl::value_binding<Name, Value>& binding) {
    constexpr bool fits = requires {
        param<Name, T>(binding.value);
    };
    static_assert(fits, "weft: with<\"name\">(value) needs a value of the parameter's type");
    if constexpr (fits)
        return bound_parameter<decltype(param<Name, T>(binding.value))>{
            param<Name, T>(binding.value, declared.description)};
    else
        return declared;  // one mistake causes one error
}
constexpr auto bind(const auto& parameter, const auto&) {
    return parameter;
}

/// The parameters of a part, with their types, as a Hana tuple.
template <text::fixed_string Name, class T, bool Optional>
constexpr auto parameters_of(const dsl::param_type<Name, T, Optional>& part) {
    return boost::hana::make_basic_tuple(part);
}
/// For a parameter whose type was rejected at its declaration: Clang then cannot match it as a class.
template <text::fixed_string Name, class T>
requires(!dsl::can_be_read<dsl::parameter_named<Name>, dsl::of_type<T>>) constexpr boost::hana::
    basic_tuple<> parameters_of(const dsl::param_maker<Name, T>&) {
    return {};
}
template <text::fixed_string Name, class Rows, class... Parts>
constexpr auto parameters_of(const workflow_type<Name, Rows, Parts...>& part) {
    return part.parameters;
}
template <text::fixed_string Name, text::fixed_string Declared, class Rows, class Parts, class... Bindings>
constexpr auto parameters_of(
    const dsl::nested_type<Name, Declared, Rows, Parts, dsl::types<Bindings...>>& part) {
    const auto bound_by = [](const auto& parameters, const auto& binding) {
        return boost::hana::unpack(parameters, [&](const auto&... each) {
            return boost::hana::make_basic_tuple(bind(each, binding)...);
        });
    };
    const auto all = [&](const auto& self, const auto& parameters, const auto& first, const auto&... rest) {
        if constexpr (sizeof...(rest) == 0)
            return bound_by(parameters, first);
        else
            return self(self, bound_by(parameters, first), rest...);
    };
    if constexpr (sizeof...(Bindings) == 0)
        return part.rows.parameters;
    else
        return all(all, part.rows.parameters, static_cast<const Bindings&>(part)...);
}

/// The positions of the parts with parameters among a workflow's parts.
template <std::size_t Most>
struct part_places {
    std::size_t count = 0;
    std::size_t at[Most]{};
};

template <std::size_t Most>
consteval part_places<Most> places_of_parameters(std::initializer_list<graph::part_sizes> parts) {
    part_places<Most> places;
    std::size_t at = 0;
    for (const graph::part_sizes& part : parts) {
        if (part.parameters) places.at[places.count++] = at;
        ++at;
    }
    return places;
}

template <std::size_t>
using any_part = const void*;

/// Selects the part after as many others as `Before` has elements.
template <class Before>
struct part_picker;
template <std::size_t... Before>
struct part_picker<std::index_sequence<Before...>> {
    template <class Part>
    static constexpr const Part& pick(any_part<Before>..., const Part* part, ...) {
        return *part;
    }
};

template <class First>
constexpr auto concatenated(const First& first) {
    return first;
}
template <class First, class Second, class... Rest>
constexpr auto concatenated(const First& first, const Second& second, const Rest&... rest) {
    return boost::hana::unpack(first, [&](const auto&... before) {
        return boost::hana::unpack(second, [&](const auto&... after) {
            return concatenated(boost::hana::make_basic_tuple(before..., after...), rest...);
        });
    });
}

/// The parameters among the parts. Tasks are never stored, because a tuple of a thousand costs seconds.
template <part_places Places, bool Empty = Places.count == 0>
struct parameter_choice {
    template <class... Parts>
    static constexpr auto among(const Parts*... parts) {
        return [&]<std::size_t... Each>(std::index_sequence<Each...>) {
            return concatenated(
                parameters_of(part_picker<std::make_index_sequence<Places.at[Each]>>::pick(parts...))...);
        }
        (std::make_index_sequence<Places.count>{});
    }
};

/// Without parameters there is no function over all parts, which would have a long symbol (see workflow.hpp).
template <part_places Places>
struct parameter_choice<Places, true> {
    static constexpr boost::hana::basic_tuple<> among(...) { return {}; }
};

}  // namespace weft::plan
