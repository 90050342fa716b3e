// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/parameters.hpp>
#include <weft/text/list.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace weft::engine {

namespace detail {

/// The paths in a value, in the user's form or in the form that commands use.
WEFT_INLINE std::vector<std::string> paths_in(const plan::parameter& row, std::string_view value) {
    return row.list ? text::split_list(value) : std::vector<std::string>{std::string(value)};
}

}  // namespace detail

WEFT_INLINE std::string absolute_path(const std::string& path, const std::string& directory) {
    if (path.empty() || path.front() == '/') return path;
    std::string base = directory;
    if (base.empty() || base.front() != '/') {
        char* const current = ::getcwd(nullptr, 0);
        if (current == nullptr)
            throw options_error(
                "'" + path +
                "' is a relative path, but the current directory no longer exists: give an absolute path");
        base = current + (base.empty() ? "" : '/' + base);
        std::free(current);
    }
    if (path == ".") return base;
    return base + (base.ends_with('/') ? "" : "/") + (path.starts_with("./") ? path.substr(2) : path);
}

WEFT_INLINE void make_paths_absolute(const plan::view& plan, std::map<std::string, std::string>& values,
                                     const std::string& directory) {
    for (const plan::parameter& row : plan.parameters) {
        const auto given = values.find(std::string(row.name));
        if (given == values.end() || !row.path) continue;
        std::string text;
        for (const std::string& one : detail::paths_in(row, given->second)) {
            const std::string whole = absolute_path(one, directory);
            text += (text.empty() ? "" : ",") + (row.list ? text::escaped_element(whole) : whole);
        }
        given->second = std::move(text);
    }
}

WEFT_INLINE std::vector<std::string> parameter_values(const plan::view& plan, const options& options) {
    for (const auto& given : options.parameters) {
        const std::string& name = given.first;
        if (std::none_of(plan.parameters.begin(), plan.parameters.end(),
                         [&](auto& row) { return row.name == name; }))
            throw options_error("workflow '" + std::string(plan.name) + "' has no parameter '" + name +
                                "' (it has: " + listed(plan.parameters, [](auto& row) { return row.name; }) +
                                ")");
    }
    std::vector<std::string> values;
    for (const plan::parameter& row : plan.all_parameters) {
        const auto given = options.parameters.find(std::string(row.name));
        const bool is_given = given != options.parameters.end() && values.size() < plan.parameters.size();
        if (!is_given && row.required)
            throw options_error("parameter '" + std::string(row.name) + "' (" + row.type +
                                ") is required: give it a value");
        const std::string& text = is_given ? given->second : row.default_text;
        if (std::string& value = values.emplace_back(); !row.read(text, value))
            throw options_error("parameter '" + std::string(row.name) + "': " +
                                (is_given ? "" : "its default ") + "'" + text + "' is not valid: " + value);
        if (!row.path) continue;
        std::string whole;
        for (const std::string& one : detail::paths_in(row, values.back()))
            whole += absolute_path(one, options.directory) + (row.list ? std::string(1, '\0') : "");
        values.back() = std::move(whole);
    }
    return values;
}

}  // namespace weft::engine
