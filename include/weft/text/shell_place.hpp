// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace weft::text {

/// Where in a shell command a character stands, as far as quoting is concerned. What stands in `unquotable`
/// (a here-document, backquotes, `${ }`, `$'...'`) is read twice or by other rules, so that no quoting is
/// safe there.
enum class shell_context : std::uint8_t { bare, single_quoted, double_quoted, comment, unquotable };

/// What a shell does with the word in which a character stands. The order is that of strictness.
enum class shell_place : std::uint8_t {
    words,        ///< takes any number of words
    values,       ///< the same, and each becomes a variable's value: the words of `for`, an array's elements
    one_word,     ///< takes exactly one: the target of a redirection, the word of `case`
    operand,      ///< takes one, which must be quoted lest it is an operator or a pattern: `[[ ]]`, `case`
    assignment,   ///< takes one as a variable's value
    declaration,  ///< the same, by `declare`, `local` or `typeset`
    // Here the shell reads the value again, by other rules than quoting, and only a number is safe.
    arithmetic,  ///< an expression: `$(( ))`, `let`, operands of `-eq`, the index of an assignment
    bracket,     ///< between the brackets of a pattern, or in an index
    pattern,     ///< to the right of `==`, `!=` or `=~` in `[[ ]]`
    tilde,       ///< after a tilde
    name,        ///< the name of a variable: `read`, `unset`, `for`, or an option of such a builtin
    code,        ///< a command that runs later: `eval`, `trap`, `alias`
    script,      ///< the script of `sh -c`
};

/// Whether a list or a glob would be more words than may stand there.
constexpr bool takes_one_word(shell_place place) {
    return place > shell_place::values;
}
/// Whether the shell reads what stands there again.
constexpr bool is_evaluated(shell_place place) {
    return place >= shell_place::arithmetic;
}

}  // namespace weft::text
