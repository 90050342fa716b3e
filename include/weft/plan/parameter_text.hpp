// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/param.hpp>
#include <weft/plan/tables.hpp>

#include <charconv>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace weft::plan {

/// What a person calls a type.
template <dsl::parameter_value T>
constexpr std::string_view type_name() {
    if constexpr (std::same_as<T, bool>)
        return "true or false";
    else if constexpr (std::same_as<T, std::string>)
        return "text";
    else if constexpr (std::floating_point<T>)
        return "number";
    else if constexpr (std::unsigned_integral<T>)
        return "whole number, not negative";
    else
        return "whole number";
}

/// A value as commands show it, which is as fmt does: the shortest text that reads back to the same number.
template <class T>
std::string format_value(const T& value) {
    if constexpr (std::same_as<T, bool>) {
        return value ? "true" : "false";
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
        return std::string(value);
    } else {
        char digits[128];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
        return std::string(digits, end);
    }
}

/// Reads a value of type `T`; see `parameter::reader`.
template <dsl::parameter_value T>
bool read_value(std::string_view text, std::string& out) {
    if constexpr (std::same_as<T, std::string>) {
        out = text;
        return true;
    } else if constexpr (std::same_as<T, bool>) {
        const bool yes = text == "true" || text == "1" || text == "yes" || text == "on";
        const bool no = text == "false" || text == "0" || text == "no" || text == "off";
        out = yes ? "true" : no ? "false" : "expected true or false";
        return yes || no;
    } else {
        T value{};
        const auto end = text.data() + text.size();
        const auto [read, error] = std::from_chars(text.data(), end, value);
        const bool fits = error == std::errc{} && read == end;
        out = fits ? format_value(value) : "expected a " + std::string(type_name<T>());
        if constexpr (std::integral<T>)
            if (!fits)
                out += " from " + format_value(std::numeric_limits<T>::min()) + " to " +
                       format_value(std::numeric_limits<T>::max());
        return fits;
    }
}

template <text::fixed_string Name, class T, bool Optional>
parameter parameter_row(const dsl::param_type<Name, T, Optional>& declared) {
    parameter row;
    row.name = Name.view();
    row.type = type_name<T>();
    row.description = declared.description;
    row.required = !Optional;
    if (Optional) row.default_text = format_value(declared.value);
    row.read = &read_value<T>;
    return row;
}

}  // namespace weft::plan
