// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace weft::text {

/// How a character of a shell command is quoted. Characters in `unquotable` positions (a here-document,
/// backquotes, `${ }`, `$'...'`) are read twice or by other rules, so that no quoting is safe there.
enum class shell_context : std::uint8_t { bare, single_quoted, double_quoted, comment, unquotable };

/// How a shell treats the word that contains a character. The order is that of strictness.
enum class shell_place : std::uint8_t {
    words,   ///< takes any number of words
    values,  ///< the same, and each word becomes a variable's value: the words of `for`, elements of an array
    one_word,     ///< takes exactly one: the target of a redirection, the word of `case`
    operand,      ///< takes one, which must be quoted so that it is no operator or pattern: `[[ ]]`, `case`
    assignment,   ///< takes one as a variable's value
    declaration,  ///< the same, by `declare`, `local` or `typeset`
    // From here on the shell evaluates the value again, by other rules than quoting.
    arithmetic,  ///< an expression: `$(( ))`, `let`, operands of `-eq`, the index of an assignment
    bracket,     ///< between the brackets of a pattern, or in an index
    pattern,     ///< to the right of `==`, `!=` or `=~` in `[[ ]]`
    tilde,       ///< after a tilde
    name,        ///< the name of a variable: `read`, `unset`, `for`, or an option of such a builtin
    code,        ///< a command that runs later: `eval`, `trap`, `alias`
    script,      ///< the script of `sh -c`
};

/// Whether a list or a glob would be too many words in such a position.
constexpr bool takes_one_word(shell_place place) {
    return place > shell_place::values;
}
/// Whether the shell evaluates a value in such a position again.
constexpr bool is_evaluated(shell_place place) {
    return place >= shell_place::arithmetic;
}

}  // namespace weft::text
