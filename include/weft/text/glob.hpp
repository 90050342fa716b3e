// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/character_set.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

inline constexpr character_set wildcards("*?[");

/// Whether a path names what matches it rather than itself.
constexpr bool is_glob(std::string_view path) {
    const auto size = static_cast<std::uint32_t>(path.size());
    return length_before(wildcards, path.data(), size) != size;
}

/// Whether `path` matches a glob of `*`, `?` and bracket expressions, none of which matches a slash. The
/// usual walk with one place to come back to: linear in practice.
constexpr bool matches_glob(std::string_view pattern, std::string_view path) {
    std::size_t p = 0;
    std::size_t star = pattern.npos;
    std::size_t star_at = 0;
    std::size_t at = 0;
    while (at < path.size()) {
        std::size_t next = p + 1;
        bool fits = false;
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_at = at;
            continue;
        }
        if (p < pattern.size() && pattern[p] == '?') {
            fits = path[at] != '/';
        } else if (p < pattern.size() && pattern[p] == '[' && find(pattern, ']', p + 2) != nowhere) {
            const std::size_t close = find(pattern, ']', p + 2);
            std::string_view set = pattern.substr(p + 1, close - p - 1);
            const bool negated = set[0] == '!' || set[0] == '^';
            if (negated) set.remove_prefix(1);
            bool in_set = false;
            for (std::size_t i = 0; i < set.size(); ++i) {
                if (i + 2 < set.size() && set[i + 1] == '-') {
                    in_set = in_set || (set[i] <= path[at] && path[at] <= set[i + 2]);
                    i += 2;
                } else {
                    in_set = in_set || set[i] == path[at];
                }
            }
            fits = in_set != negated && path[at] != '/';
            next = close + 1;
        } else if (p < pattern.size()) {
            fits = pattern[p] == path[at];
        }
        if (fits) {
            p = next;
            ++at;
        } else if (star != pattern.npos && path[star_at] != '/') {
            p = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace weft::text
