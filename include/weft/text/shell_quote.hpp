// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/joined.hpp>
#include <weft/text/name.hpp>

#include <string>
#include <string_view>

namespace weft::text {

/// `word` for a position between single quotes. A single quote in it is written in double quotes: in an array
/// in `$( )`, bash 5.2 misreads the one of `'\''`.
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

/// `word` as one word of a POSIX shell, in single quotes only if it needs them: `a b` -> `'a b'`.
inline std::string quote(std::string_view word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-";
    if (!word.empty() && word.find_first_not_of(plain) == word.npos) return std::string(word);
    return quote_always(word);
}

/// `word` for a position between double quotes.
inline std::string quote_in_double(std::string_view word) {
    std::string quoted;
    for (char c : word) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') quoted += '\\';
        quoted += c;
    }
    return quoted;
}

/// Whether `before` ends in the name of a variable, as in `$x`, which following letters would extend. The
/// name may be split over joined lines.
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

/// `word` for an unquoted position of a command between `before` and `after`. A word that needs no quotes by
/// itself may need them because of these: after `$x` it would extend the name; before `>`, `2` and `{x}` are
/// file descriptors; a word before `=` is an assignment; `a:` before `~` makes that a home directory; in
/// braces `a,b` and `1..3` are several words; and `if` is a reserved word at the start of a command.
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

/// `word` for a position between double quotes, after `before` in the same quotes.
inline std::string quote_in_double_after(std::string_view before, std::string_view word) {
    return joined(ends_with_variable(before) ? "\"\"" : "", quote_in_double(word));
}

}  // namespace weft::text
