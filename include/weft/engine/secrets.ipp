// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/options.hpp>
#include <weft/engine/secrets.hpp>
#include <weft/text/braces.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace weft::engine {

namespace detail {

/// Shorter values would match in almost every text.
inline constexpr std::size_t shortest_hidden = 4;

}  // namespace detail

WEFT_INLINE secrets::secrets(const plan::view& plan) : values_(plan.environment.size()) {
    for (const plan::task& task : plan.tasks) {
        for (plan::index at = task.environment.first; at < task.environment.first + task.environment.count;
             ++at) {
            const plan::variable& row = plan.environment[at];
            if (!row.secret) continue;
            const std::string source(row.value);
            const char* const value = std::getenv(source.c_str());
            if (value == nullptr)
                throw options_error("task '" + std::string(task.name) +
                                    "' needs a secret: set the variable " + source +
                                    " in the environment of this program");
            values_[at] = value;
            if (std::count(sources_.begin(), sources_.end(), source) == 0) sources_.push_back(source);
            // Tools print a multi-line secret (a key) line by line.
            for (std::string_view left = value; !left.empty();) {
                const std::string_view line = left.substr(0, left.find('\n'));
                left.remove_prefix(std::min(left.size(), line.size() + 1));
                if (line.size() >= detail::shortest_hidden) hidden_.emplace_back(line);
            }
        }
    }
    std::sort(hidden_.begin(), hidden_.end(), [](auto& a, auto& b) { return a.size() > b.size(); });
}

WEFT_INLINE void secrets::give(const plan::view& plan, const plan::task& task, attempt& next) const {
    next.withheld = sources_;
    for (plan::index at = task.environment.first; at < task.environment.first + task.environment.count;
         ++at) {
        const plan::variable& row = plan.environment[at];
        if (!row.secret) {
            next.environment.emplace_back(row.name, text::unescaped_braces(row.value));
            continue;
        }
        next.secrets.emplace_back(row.name, values_.at(at));
    }
}

WEFT_INLINE std::string secrets::masked(std::string text) const {
    constexpr std::string_view mask = "***";
    for (const std::string& value : hidden_) {
        for (std::size_t at = 0; (at = text.find(value, at)) != text.npos; at += mask.size())
            text.replace(at, value.size(), mask);
        // The tail of a file may start inside a secret.
        for (std::size_t left = value.size() - 1; left >= detail::shortest_hidden; --left)
            if (text.starts_with(std::string_view(value).substr(value.size() - left))) {
                text.replace(0, left, mask);
                break;
            }
    }
    return text;
}

}  // namespace weft::engine
