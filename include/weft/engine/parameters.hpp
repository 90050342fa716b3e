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

/// The absolute form of `path`, relative to `directory`, or to the current directory when that is empty.
/// Throws `options_error` when the current directory no longer exists.
std::string absolute_path(const std::string& path, const std::string& directory);

/// Makes the paths among `values`, in the form that a user writes, absolute.
void make_paths_absolute(const plan::view& plan, std::map<std::string, std::string>& values,
                         const std::string& directory);

/// One text per parameter of the plan, in the form that commands use: the value from the options, else the
/// default; paths are absolute. Throws `options_error` that names the culprit.
std::vector<std::string> parameter_values(const plan::view& plan, const options& options);

}  // namespace weft::engine
