// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/braces.hpp>
#include <weft/text/character_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

constexpr bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

inline constexpr character_set name_characters(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-");

inline constexpr character_set identifier_characters(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

/// Names of tasks and workflows, which are also names of directories: `[A-Za-z0-9_][A-Za-z0-9_.+-]*`.
constexpr bool is_name(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    return size != 0 && is_letter_or_digit(text[0]) && length_of(name_characters, text.data(), size) == size;
}

/// Names of parameters: `[A-Za-z_][A-Za-z0-9_]*`.
constexpr bool is_identifier(std::string_view text) {
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    for (const char c : text)
        if (!is_letter_or_digit(c)) return false;
    return true;
}

/// The position and length of the first `{{name}}` in a text. With `escapes`, `{{{{name}}` is not a
/// placeholder.
struct found_placeholder {
    std::size_t at = 0;
    std::size_t size = 0;
};
constexpr found_placeholder find_placeholder(std::string_view text, bool escapes = false) {
    for (std::size_t at = 0; at + 4 < text.size(); ++at) {
        if (escapes && escapes_braces(text, at)) {
            at += 3;
            continue;
        }
        if (text[at] != '{' || text[at + 1] != '{') continue;
        std::size_t end = at + 2;
        while (end < text.size() && is_letter_or_digit(text[end])) ++end;
        if (text.substr(end, 2) == "}}" && is_identifier(text.substr(at + 2, end - at - 2)))
            return {at, end + 2 - at};
    }
    return {};
}

/// The number of characters to change, insert or delete to turn `a` into `b` (Levenshtein distance), for at
/// most 64 characters of each. A common prefix and suffix, which names of one workflow often have, is skipped
/// first and does not count.
constexpr std::size_t edit_distance(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
    while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
    constexpr std::size_t longest = 64;
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    std::size_t row[longest + 1]{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            const std::size_t added = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = changed < added ? changed : added;
        }
    }
    return row[b.size()];
}

}  // namespace weft::text
