// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/parameter_type.hpp>
#include <weft/text/fixed_string.hpp>

#include <string_view>

namespace weft {

namespace dsl {

/// A declared parameter. `Optional` says whether it has a default.
template <text::fixed_string Name, class T, bool Optional>
struct param_type {
    static_assert(can_be_read<parameter_named<Name>, of_type<T>>,
                  "weft: a parameter's type is a number, bool, text, path, enum, duration, weft::bytes, a "
                  "vector of these, or a default-constructible type of yours with "
                  "bool from_string(std::string_view, T&) in its namespace");

    stored<T> value{};
    std::string_view description{};
};

template <text::fixed_string Name, class T>
struct param_maker : param_type<Name, T, false> {
    /// With a default, and a description for `--help`. Text defaults are literals, list defaults are in
    /// braces.
    constexpr param_type<Name, T, true> operator()(stored<T> preset, std::string_view about = {}) const {
        return {preset, about};
    }
};

}  // namespace dsl

/// A typed parameter: `{{Name}}` in commands, an option `--Name` of the program. Required if it has no
/// default.
///
///     param<"n", int>(1000, "how many samples")
///     param<"mode", solver>(solver::exact)                  // an enum, by the names of its enumerators
///     param<"wait", std::chrono::seconds>(30s)              // 30s, 1.5min, 1h30min
///     param<"cache", weft::bytes>(4_GiB)                    // 4GiB, 100MB; a number of bytes in commands
///     param<"sizes", std::vector<int>>({1, 2, 3}, "grids")  // --sizes 1,2,3 or --sizes 1 --sizes 2,3
///
/// A type of yours needs `bool from_string(std::string_view, T&)` and `std::string to_string(const T&)` in
/// its namespace; from_string reads what to_string writes.
template <text::fixed_string Name, class T>
inline constexpr dsl::param_maker<Name, T> param{};

}  // namespace weft
