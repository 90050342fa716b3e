// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/fixed_string.hpp>

namespace weft {

namespace dsl {

template <class... Types>
struct types {};

/// `with<"inner">(value)`.
template <text::fixed_string Inner, class Value>
struct value_binding {
    Value value;
};

/// `with<"inner", "outer">`.
template <text::fixed_string Inner, text::fixed_string Outer>
struct parameter_binding {};

/// A workflow nested in another, under a name and with bindings of its parameters. `Rows` are its lowered
/// tables, whose values are needed.
template <text::fixed_string Name, text::fixed_string Declared, class Rows, class Parts, class Bindings>
struct nested_type;
template <text::fixed_string Name, text::fixed_string Declared, class Rows, class... Parts, class... Bindings>
struct nested_type<Name, Declared, Rows, types<Parts...>, types<Bindings...>> : Bindings... {
    Rows rows;
};

}  // namespace dsl

/// A declared workflow whose graph has been validated. Its type contains everything with a name; `Rows`
/// contain the lowered plan.
template <text::fixed_string Name, class Rows, class... Parts>
struct workflow_type : Rows {};

namespace dsl {

template <text::fixed_string Name>
struct as_maker {
    template <text::fixed_string Declared, class Rows, class... Parts>
    constexpr nested_type<Name, Declared, Rows, types<Parts...>, types<>> operator()(
        const workflow_type<Declared, Rows, Parts...>& workflow) const {
        return {workflow};
    }
};

template <text::fixed_string Inner, text::fixed_string... Outer>
struct with_maker : parameter_binding<Inner, Outer...> {};
template <text::fixed_string Inner>
struct with_maker<Inner> {
    template <class Value>
    constexpr value_binding<Inner, Value> operator()(const Value& value) const {
        return {value};
    }
    /// Text is passed as a literal.
    constexpr value_binding<Inner, const char*> operator()(const char* value) const { return {value}; }
};

template <text::fixed_string Name, text::fixed_string Declared, class Rows, class... Parts, class... Bindings,
          text::fixed_string Inner, class Value>
constexpr nested_type<Name, Declared, Rows, types<Parts...>, types<Bindings..., value_binding<Inner, Value>>>
operator|(const nested_type<Name, Declared, Rows, types<Parts...>, types<Bindings...>>& nested,
          const value_binding<Inner, Value>& binding) {
    return {static_cast<const Bindings&>(nested)..., binding, nested.rows};
}

template <text::fixed_string Name, text::fixed_string Declared, class Rows, class... Parts, class... Bindings,
          text::fixed_string Inner, text::fixed_string Outer>
constexpr nested_type<Name, Declared, Rows, types<Parts...>,
                      types<Bindings..., parameter_binding<Inner, Outer>>>
operator|(const nested_type<Name, Declared, Rows, types<Parts...>, types<Bindings...>>& nested,
          const parameter_binding<Inner, Outer>& binding) {
    return {static_cast<const Bindings&>(nested)..., binding, nested.rows};
}

}  // namespace dsl

/// Nests a workflow under another name, so that it can be nested several times. Its tasks become `name/task`,
/// and references to them are `workflow://name/task/path`. It shares its hosts with the outer workflow and,
/// unless `with` binds them, its parameters too.
///
///     workflow<"year">(as<"winter">(season), as<"summer">(season) | with<"days">(92),
///                      task<"plot">(sh<"plot workflow://winter/run/t.nc workflow://summer/run/t.nc">))
template <text::fixed_string Name>
inline constexpr dsl::as_maker<Name> as{};

/// Binds a parameter of a nested workflow to a value, `with<"days">(92)`, or to another parameter of the
/// outer workflow, `with<"days", "summer_days">`.
template <text::fixed_string Inner, text::fixed_string... Outer>
requires(sizeof...(Outer) <= 1) inline constexpr dsl::with_maker<Inner, Outer...> with{};

// A nested workflow that keeps its name.
template <text::fixed_string Name, class Rows, class... Parts, class Binding>
requires requires(const Binding& binding) {
    as<Name>(workflow_type<Name, Rows, Parts...>{}) | binding;
}
constexpr auto operator|(const workflow_type<Name, Rows, Parts...>& workflow, const Binding& binding) {
    return as<Name>(workflow) | binding;
}

}  // namespace weft
