// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/run/parameters.hpp>

#include <algorithm>

namespace weft::engine {

WEFT_INLINE std::vector<std::string> parameter_values(const plan::view& what, const options& how) {
    for (const auto& given : how.parameters) {
        const std::string& name = given.first;
        if (std::none_of(what.parameters.begin(), what.parameters.end(),
                         [&](auto& row) { return row.name == name; }))
            throw options_error("workflow '" + std::string(what.name) + "' has no parameter '" + name +
                                "' (it has: " + listed(what.parameters, [](auto& row) { return row.name; }) +
                                ")");
    }
    std::vector<std::string> values;
    for (const plan::parameter& row : what.all_parameters) {
        const auto given = how.parameters.find(std::string(row.name));
        const bool is_given = given != how.parameters.end() && values.size() < what.parameters.size();
        if (!is_given && row.required)
            throw options_error("parameter '" + std::string(row.name) + "' (" + row.type +
                                ") has no default: give it a value");
        const std::string& text = is_given ? given->second : row.default_text;
        if (std::string& value = values.emplace_back(); !row.read(text, value))
            throw options_error("parameter '" + std::string(row.name) + "': " +
                                (is_given ? "" : "its default ") + "'" + text + "' does not fit: " + value);
    }
    return values;
}

}  // namespace weft::engine
