// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace weft::text {

/// `word` for a place that is already between single quotes.
inline std::string quote_in_single(std::string_view word) {
    std::string quoted;
    for (char c : word) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted;
}

/// `word` as one word of a POSIX shell, with single quotes where it needs them: `a b` -> `'a b'`.
inline std::string quote(std::string_view word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-";
    if (!word.empty() && word.find_first_not_of(plain) == word.npos) return std::string(word);
    return "'" + quote_in_single(word) + "'";
}

/// `word` for a place that is already between double quotes.
inline std::string quote_in_double(std::string_view word) {
    std::string quoted;
    for (char c : word) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') quoted += '\\';
        quoted += c;
    }
    return quoted;
}

}  // namespace weft::text
