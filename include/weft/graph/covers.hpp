// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/glob.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <string_view>

namespace weft::graph {

/// A path or glob in a task's directory.
struct wanted_path {
    std::string_view text{};
    bool plain = false;  ///< escapes are decoded
    bool glob = false;
};

constexpr wanted_path as_written(std::string_view text) {
    return {text, false, text::is_glob(text)};
}

namespace detail {

/// Removes the first component from a path.
constexpr std::string_view take_component(wanted_path& path) {
    std::size_t end = path.plain ? text::find(path.text, '/') : text::component_end(path.text, 0);
    if (end >= path.text.size()) end = path.text.size();
    const std::string_view first = path.text.substr(0, end);
    const bool last = end == path.text.size();
    path.text = last ? std::string_view()
                     : path.text.substr(path.plain ? end + 1 : text::behind_slash(path.text, end));
    return first;
}

/// The last character if it is certainly an ordinary one, else '\0'.
constexpr char plain_end(std::string_view pattern) {
    const std::size_t size = pattern.size();
    if (size == 0 || text::contains("*?[]%", pattern[size - 1])) return '\0';
    const bool escaped = (size > 1 && pattern[size - 2] == '%') || (size > 2 && pattern[size - 3] == '%');
    return escaped ? '\0' : pattern[size - 1];
}

/// Compares the beginnings up to the first wildcard and the ends after the last; the text between wildcards
/// is ignored.
constexpr bool may_both_match(std::string_view a, std::string_view b) {
    std::string_view x_end = a;
    std::string_view y_end = b;
    for (;;) {
        const char x = plain_end(x_end);
        const char y = plain_end(y_end);
        if (x == '\0' || y == '\0') break;
        if (x != y) return false;
        x_end.remove_suffix(1);
        y_end.remove_suffix(1);
    }
    for (std::size_t at_a = 0, at_b = 0; at_a < a.size() && at_b < b.size();) {
        const text::pattern_character x = text::read_character(a, at_a);
        const text::pattern_character y = text::read_character(b, at_b);
        const bool wild =
            (!x.escaped && text::wildcards[x.value]) || (!y.escaped && text::wildcards[y.value]);
        if (wild) return true;
        if (x.value != y.value) return false;
    }
    return a.empty() == b.empty();
}

constexpr bool may_be_same(std::string_view a, bool a_plain, std::string_view b, bool b_plain) {
    if (a_plain && b_plain) return a == b;
    if (a_plain) return text::matches_component(b, a);
    if (b_plain) return text::matches_component(a, b);
    if (!text::is_glob(a) && !text::contains(a, '%')) return text::matches_component(b, a);
    if (!text::is_glob(b) && !text::contains(b, '%')) return text::matches_component(a, b);
    return a == b || may_both_match(a, b);
}

}  // namespace detail

/// Whether a task with the output `promised` may have written the other path: one path may match both, or a
/// path above or below it.
constexpr bool covers(wanted_path promised, wanted_path path) {
    if (promised.text == path.text && promised.plain == path.plain) return true;
    while (!promised.text.empty() && !path.text.empty()) {
        const std::string_view a = detail::take_component(promised);
        const std::string_view b = detail::take_component(path);
        if (!detail::may_be_same(a, promised.plain, b, path.plain)) return false;
    }
    return true;
}

}  // namespace weft::graph
