// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/fixed_string.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace weft {

namespace dsl {

/// How a parameter's value is kept in a constant: text as a view of its literal, all else as it is.
template <class T>
using stored = std::conditional_t<std::same_as<T, std::string>, std::string_view, T>;

/// Types that a parameter can have: numbers, `bool` and `std::string`.
template <class T>
concept parameter_value = std::integral<T> || std::floating_point<T> || std::same_as<T, std::string>;

/// A declared parameter. `Optional` says whether it has a default.
template <text::fixed_string Name, parameter_value T, bool Optional>
struct param_type {
    stored<T> value{};
    std::string_view description{};
};

template <text::fixed_string Name, parameter_value T>
struct param_maker : param_type<Name, T, false> {
    /// With a default, and a description for `--help`. Text is given as literals.
    constexpr param_type<Name, T, true> operator()(stored<T> preset, std::string_view about = {}) const {
        return {preset, about};
    }
};

}  // namespace dsl

/// A typed parameter: `{{Name}}` in commands, a flag `--Name` of the program. Required when it has no
/// default.
///
///     param<"n", int>(1000, "how many samples")
template <text::fixed_string Name, dsl::parameter_value T>
inline constexpr dsl::param_maker<Name, T> param{};

}  // namespace weft
