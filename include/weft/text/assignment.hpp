// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/name.hpp>
#include <weft/text/search.hpp>
#include <weft/text/shell_builtins.hpp>

#include <cstdint>
#include <string_view>

namespace weft::text {

/// The offset of the value of an assignment (`name=`, `name+=` or `name[..]=`) whose word begins at `start`;
/// 0 if the text before `end` is not one. `indexed` is the offset after the last closed bracket.
constexpr std::uint32_t value_start(const char* text, std::uint32_t start, std::uint32_t end,
                                    std::uint32_t indexed) {
    std::uint32_t at = start + length_of(identifier_characters, text + start, end - start);
    while (at + 1 < end && text[at] == '\\' && text[at + 1] == '\n')  // joined lines
        at += 2 + length_of(identifier_characters, text + at + 2, end - at - 2);
    if (at == end || (text[start] >= '0' && text[start] <= '9')) return 0;
    if (text[at] == '[' && indexed > at)
        at = indexed;
    else if (at == start)
        return 0;
    if (at < end && text[at] == '+') ++at;
    return at < end && text[at] == '=' ? at + 1 : 0;
}

/// The variable that the assignment at `start` sets.
constexpr std::string_view assigned_name(const char* text, std::uint32_t start) {
    std::uint32_t at = start;
    while (is_letter_or_digit(text[at])) ++at;
    return {text + start, at - start};
}

/// Whether an unquoted tilde precedes `at`, so that the text from `at` on would be part of a user's name.
constexpr bool follows_tilde(const char* text, std::uint32_t start, std::uint32_t at) {
    while (at > start && name_characters[text[at - 1]]) --at;
    if (at == start || text[at - 1] != '~') return false;
    --at;
    return at == start || text[at - 1] == '=' || text[at - 1] == ':';
}

/// Whether a word begins with an operator of `[[ ]]` that evaluates both operands as expressions.
constexpr bool compares_numbers(std::string_view word) {
    if (word.size() < 3 || word[0] != '-' || (word.size() > 3 && !contains(" \t\n", word[3]))) return false;
    using detail::packed;
    switch (packed(word.substr(1, 2))) {
        case packed("eq"):
        case packed("ne"):
        case packed("lt"):
        case packed("le"):
        case packed("gt"):
        case packed("ge"):
            return true;
        default:
            return false;
    }
}

}  // namespace weft::text
