// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/options.hpp>
#include <weft/plan/tables.hpp>

#include <map>
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

/// `path` as it is from anywhere: below `directory`, or the current one when that is empty. Throws
/// `options_error` when the current one is gone.
std::string absolute_path(const std::string& path, const std::string& directory);

/// Makes the paths among `values`, as a person writes them, absolute.
void make_paths_absolute(const plan::view& what, std::map<std::string, std::string>& values,
                         const std::string& directory);

/// A text per parameter of the plan, as commands get it: what the options say, else the default; paths are
/// absolute. Throws `options_error` that names the culprit.
std::vector<std::string> parameter_values(const plan::view& what, const options& how);

}  // namespace weft::engine
