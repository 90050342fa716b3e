// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// Errors of a command that are found before any name in it is looked up.
enum class command_error : std::uint8_t {
    none,
    empty,
    unbalanced_quotes,
    nested_too_deep,   ///< deeper than the scanner can follow
    read_differently,  ///< parsed differently by bash and other shells
    malformed_reference,
    absolute_path,
    empty_path,
    path_leaves,
    shell_syntax_in_path,
    unquotable_place,     ///< a reference or a placeholder
    one_word_place,       ///< a reference that may be several files
    literal_placeholder,  ///< `{{name}}` where placeholders are not replaced
};

constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Decodes the character at `at` of a path and moves `at` past it. '\0' for an invalid escape.
constexpr char decoded(std::string_view path, std::size_t& at) {
    if (path[at] != '%') return path[at++];
    if (at + 2 >= path.size()) return '\0';
    const int high = hex_digit(path[at + 1]);
    const int low = hex_digit(path[at + 2]);
    at += 3;
    return high < 0 || low < 0 ? '\0' : static_cast<char>(high * 16 + low);
}

/// Checks a path as written: relative, not empty, no `.`, `..` or empty component.
constexpr command_error check_path(std::string_view path) {
    if (path.empty()) return command_error::empty_path;
    if (path[0] == '/') return command_error::absolute_path;
    std::size_t length = 0;  // of the current component
    bool dots = true;        // the current component contains only dots
    for (std::size_t at = 0; at <= path.size();) {
        const bool end = at == path.size();
        const char c = end ? '/' : decoded(path, at);
        if (c == '\0') return command_error::malformed_reference;
        if (c == '/') {
            if (length == 2 && dots) return command_error::path_leaves;
            if (length == 0 || (length == 1 && dots)) return command_error::malformed_reference;
            length = 0;
            dots = true;
        } else {
            ++length;
            dots = dots && c == '.';
        }
        if (end) break;
    }
    return command_error::none;
}

}  // namespace weft::text
