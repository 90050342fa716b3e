// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/bracket_expression.hpp>
#include <weft/text/character_set.hpp>
#include <weft/text/path.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

// The only place that decides what a pattern matches: at compile time, on this machine, and for file lists of
// hosts. `*` and `?` match bytes of one component, `[...]` is a POSIX bracket expression in the C locale,
// `%XX` is always an ordinary character, and so is a backslash. As in a shell, a leading dot must be written;
// no wildcard matches `.`, `..` or the engine's `.weft`.

inline constexpr character_set wildcards("*?[");

/// Whether a path as written contains a wildcard.
constexpr bool is_glob(std::string_view written) {
    const auto size = static_cast<std::uint32_t>(written.size());
    return length_before(wildcards, written.data(), size) != size;
}

/// The end of the component that begins at `start`; `%2F` is a slash too.
constexpr std::size_t component_end(std::string_view written, std::size_t start) {
    std::size_t at = start;
    while (at < written.size()) {
        const std::size_t before = at;
        if (read_character(written, at).value == '/') return before;
    }
    return written.size();
}

/// The start of the next component, after the slash at `slash`.
constexpr std::size_t behind_slash(std::string_view written, std::size_t slash) {
    return slash + (written[slash] == '/' ? 1 : 3);
}

/// Whether a component without wildcards is `name`.
constexpr bool is_component(std::string_view written, std::string_view name) {
    std::size_t at = 0;
    for (const char c : name) {
        if (at >= written.size() || read_character(written, at).value != c) return false;
    }
    return at == written.size();
}

/// Whether one component of a pattern matches a name without a slash. Linear in practice, because it
/// backtracks to the last `*` only.
constexpr bool matches_component(std::string_view pattern, std::string_view name) {
    if (!is_glob(pattern)) return is_component(pattern, name);
    if (name.empty() || name == "." || name == ".." || name == ".weft") return false;
    std::size_t first = 0;
    if (name[0] == '.' && read_character(pattern, first).value != '.') return false;
    std::size_t p = 0;
    std::size_t star = pattern.npos;
    std::size_t star_at = 0;
    for (std::size_t at = 0; at < name.size();) {
        std::size_t next = p;
        bool fits = false;
        if (p < pattern.size()) {
            const pattern_character c = read_character(pattern, next);
            if (c.is('*')) {
                star = p = next;
                star_at = at;
                continue;
            }
            fits = c.is('?') || c.value == name[at];
            if (c.is('[')) {
                std::size_t behind = p;
                const bool in_it = matches_bracket(pattern, behind, name[at]);
                if (behind != pattern.npos) {
                    fits = in_it;
                    next = behind;
                }
            }
        }
        if (fits) {
            p = next;
            ++at;
        } else if (star != pattern.npos) {
            p = star;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

/// Whether a pattern matches a path, component by component.
constexpr bool matches_glob(std::string_view pattern, std::string_view path) {
    std::size_t p = 0;
    std::size_t at = 0;
    for (;;) {
        const std::size_t end = component_end(pattern, p);
        std::size_t slash = at;
        while (slash < path.size() && path[slash] != '/') ++slash;
        if (!matches_component(pattern.substr(p, end - p), path.substr(at, slash - at))) return false;
        if (end == pattern.size() || slash == path.size())
            return end == pattern.size() && slash == path.size();
        p = behind_slash(pattern, end);
        at = slash + 1;
    }
}

}  // namespace weft::text
