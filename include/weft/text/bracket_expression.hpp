// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/path.hpp>

#include <cstddef>
#include <string_view>

namespace weft::text {

/// A character of a pattern. An escaped one (`%2A`) is always an ordinary character.
struct pattern_character {
    char value = '\0';
    bool escaped = false;

    constexpr bool is(char special) const { return !escaped && value == special; }
};

/// Reads the character at `at` and moves `at` past it. A `%` without two hexadecimal digits is an ordinary
/// character.
constexpr pattern_character read_character(std::string_view pattern, std::size_t& at) {
    if (pattern[at] == '%') {
        std::size_t behind = at;
        if (const char value = decoded(pattern, behind); value != '\0') {
            at = behind;
            return {value, true};
        }
    }
    return {pattern[at++], false};
}

namespace detail {

/// Whether a character is in a class of the C locale; an unknown class is empty.
constexpr bool is_in_class(std::string_view name, char value) {
    const auto c = static_cast<unsigned char>(value);
    const bool lower = c >= 'a' && c <= 'z';
    const bool upper = c >= 'A' && c <= 'Z';
    const bool digit = c >= '0' && c <= '9';
    const bool visible = c > ' ' && c < 127;
    if (name == "lower") return lower;
    if (name == "upper") return upper;
    if (name == "alpha") return lower || upper;
    if (name == "digit") return digit;
    if (name == "alnum") return lower || upper || digit;
    if (name == "xdigit") return hex_digit(value) >= 0;
    if (name == "blank") return c == ' ' || c == '\t';
    if (name == "space") return c == ' ' || (c >= '\t' && c <= '\r');
    if (name == "graph") return visible;
    if (name == "print") return visible || c == ' ';
    if (name == "punct") return visible && !lower && !upper && !digit;
    if (name == "cntrl") return c < ' ' || c == 127;
    return false;
}

/// One element of a bracket expression: a character, or the characters of `[:name:]`, `[.x.]` or `[=x=]`.
struct bracket_element {
    pattern_character character{};
    std::string_view class_name{};
    bool is_class = false;
    bool impossible = false;  ///< a collating element of several characters
};

/// The offset of the `kind` and `]` that close a `[` and `kind`; `pattern.npos` if there are none.
constexpr std::size_t find_close(std::string_view pattern, std::size_t at, char kind) {
    for (; at + 1 < pattern.size(); ++at)
        if (pattern[at] == kind && pattern[at + 1] == ']') return at;
    return pattern.npos;
}

constexpr bracket_element read_element(std::string_view pattern, std::size_t& at) {
    bracket_element element;
    element.character = read_character(pattern, at);
    if (!element.character.is('[') || at >= pattern.size()) return element;
    const char kind = pattern[at];
    if (kind != ':' && kind != '.' && kind != '=') return element;
    const std::size_t close = find_close(pattern, at + 1, kind);
    if (close == pattern.npos) return element;
    const std::string_view name = pattern.substr(at + 1, close - at - 1);
    at = close + 2;
    if (kind == ':') {
        element.is_class = true;
        element.class_name = name;
        return element;
    }
    std::size_t behind = 0;
    element.impossible = name.empty();
    if (!name.empty()) element.character = {read_character(name, behind).value, true};
    element.impossible = element.impossible || behind != name.size();
    return element;
}

}  // namespace detail

/// Whether the bracket expression that begins at `at` contains `value`; moves `at` past it. As in POSIX with
/// the C locale: a leading `]` is a member, `-` is one at either end, `!` and `^` negate. Sets `at` to
/// `pattern.npos` if no `]` closes the expression: the `[` is then an ordinary character.
constexpr bool matches_bracket(std::string_view pattern, std::size_t& at, char value) {
    const auto c = static_cast<unsigned char>(value);
    std::size_t next = at + 1;
    bool negated = false;
    if (next < pattern.size() && (pattern[next] == '!' || pattern[next] == '^')) {
        negated = true;
        ++next;
    }
    bool found = false;
    for (bool first = true; next < pattern.size(); first = false) {
        if (pattern[next] == ']' && !first) {
            at = next + 1;
            return found != negated;
        }
        const detail::bracket_element low = detail::read_element(pattern, next);
        if (low.is_class) {
            found = found || detail::is_in_class(low.class_name, value);
            continue;
        }
        detail::bracket_element high = low;
        if (next + 1 < pattern.size() && pattern[next] == '-' && pattern[next + 1] != ']') {
            ++next;
            high = detail::read_element(pattern, next);
        }
        if (low.impossible || high.impossible || high.is_class) continue;
        found = found || (static_cast<unsigned char>(low.character.value) <= c &&
                          c <= static_cast<unsigned char>(high.character.value));
    }
    at = pattern.npos;
    return false;
}

}  // namespace weft::text
