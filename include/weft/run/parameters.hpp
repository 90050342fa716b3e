// SPDX-License-Identifier: MIT
#pragma once

#include <weft/plan/tables.hpp>
#include <weft/run/options.hpp>

#include <string>
#include <vector>

namespace weft::engine {

/// `a, b, c`, or `none`.
template <class Rows, class Name>
std::string listed(const Rows& rows, Name name) {
    std::string text;
    for (const auto& row : rows) text.append(text.empty() ? "" : ", ").append(name(row));
    return text.empty() ? "none" : text;
}

/// A text per parameter of the plan, as commands get it: what the options say, else the default. Throws
/// `options_error` that names the culprit.
std::vector<std::string> parameter_values(const plan::view& what, const options& how);

}  // namespace weft::engine
