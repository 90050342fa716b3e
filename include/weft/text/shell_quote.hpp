// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/joined.hpp>
#include <weft/text/name.hpp>

#include <string>
#include <string_view>

namespace weft::text {

/// `word` for a place that is already between single quotes. A quote in it is quoted by double ones: bash 5.2
/// takes that of `'\''` for another one among the elements of an array in `$( )`.
inline std::string quote_in_single(std::string_view word) {
    std::string quoted;
    for (char c : word) {
        if (c == '\'')
            quoted += "'\"'\"'";
        else
            quoted += c;
    }
    return quoted;
}

/// `word` as one word of a POSIX shell, in single quotes.
inline std::string quote_always(std::string_view word) {
    return joined("'", quote_in_single(word), "'");
}

/// `word` as one word of a POSIX shell, with single quotes where it needs them: `a b` -> `'a b'`.
inline std::string quote(std::string_view word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-";
    if (!word.empty() && word.find_first_not_of(plain) == word.npos) return std::string(word);
    return quote_always(word);
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

/// Whether a variable's name, as in `$x`, ends `before`, which letters that follow would make longer. Lines
/// may be joined within it.
inline bool ends_with_variable(std::string_view before) {
    std::size_t at = before.size();
    for (;;) {
        if (at > 1 && before.substr(at - 2, 2) == "\\\n")
            at -= 2;
        else if (at > 0 && is_letter_or_digit(before[at - 1]))
            --at;
        else
            return at > 0 && before[at - 1] == '$';
    }
}

/// `word` for a bare place of a command between `before` and `after`. What needs no quotes by itself may need
/// them for the sake of those: after `$x` it would be a part of the name, `2` before `>` a descriptor, a word
/// before `=` an assignment, `a:` before `~` would make that a home directory, `a,b` and `1..3` in braces
/// several words, `{x}` before `>` a descriptor, and `if` is no name where a command begins.
inline std::string quote_between(std::string_view before, std::string_view word, std::string_view after) {
    constexpr std::string_view reserved[] = {"if",    "then", "else",   "elif",   "fi",      "do",
                                             "done",  "case", "esac",   "for",    "in",      "while",
                                             "until", "time", "select", "coproc", "function"};
    std::string quoted = quote(word);
    if (quoted.size() != word.size()) return quoted;
    bool plain = word.find(',') == word.npos && word.find("..") == word.npos && !ends_with_variable(before);
    if (!after.empty()) plain = plain && std::string_view("<>=+[(~").find(after[0]) == after.npos;
    if (before.ends_with('{') && after.starts_with('}')) plain = false;
    if (before.ends_with('.') || after.starts_with('.')) plain = plain && word != ".";
    for (const std::string_view one : reserved) plain = plain && word != one;
    return plain ? quoted : quote_always(word);
}

/// `word` for a place between double quotes, after `before` in them.
inline std::string quote_in_double_after(std::string_view before, std::string_view word) {
    return joined(ends_with_variable(before) ? "\"\"" : "", quote_in_double(word));
}

}  // namespace weft::text
