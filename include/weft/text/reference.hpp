// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/character_set.hpp>
#include <weft/text/name.hpp>
#include <weft/text/path.hpp>
#include <weft/text/search.hpp>
#include <weft/text/slice.hpp>

#include <cstdint>
#include <string_view>

namespace weft::text {

inline constexpr std::string_view reference_scheme = "workflow://";

/// A reference in a command.
struct found_reference {
    slice whole{};     ///< as written
    slice workflow{};  ///< before the task's name; empty for the same workflow
    slice task{};
    slice path{};          ///< with its %-escapes
    bool escapes = false;  ///< the path contains some
};

namespace detail {

// The characters at which the scan of a reference stops. A NUL is always one of them and is rejected.
inline constexpr character_set reference_ends(" \t\n\r\v\f'\"`;|&<>()");
inline constexpr character_set path_marks(" \t\n\r\v\f'\"`;|&<>()/:%$\\{");

/// Whether another reference, joined to this one by `,` `:` or `=`, begins around the colon at `at`. The path
/// of the first cannot contain the second.
constexpr bool joins(const char* text, std::uint32_t at, std::uint32_t size, std::uint32_t from) {
    constexpr auto scheme = static_cast<std::uint32_t>(reference_scheme.size());
    const std::uint32_t second = at + 3 - scheme;
    return second > from && second + scheme <= size && contains(",:=", text[second - 1]) &&
           std::string_view(text + second, scheme) == reference_scheme;
}

}  // namespace detail

/// Reads the `workflow://[workflow]/task/path` that begins at `start`. One pass, because this is most of the
/// compile time of a command. `quoted`: it is in single quotes, in which a shell reads nothing.
constexpr command_error read_reference(const char* text, std::uint32_t start, std::uint32_t size, bool quoted,
                                       found_reference& found) {
    using namespace detail;
    std::uint32_t at = start + static_cast<std::uint32_t>(reference_scheme.size());
    const auto malformed = [&](command_error why) {
        at += length_before(reference_ends, text + at, size - at);
        found.whole = {text + start, at - start};
        return why;
    };
    std::uint32_t from = at;
    at += length_before(path_marks, text + at, size - at);
    if (at == size || text[at] != '/') return malformed(command_error::malformed_reference);
    found.workflow = {text + from, at - from};

    from = ++at;
    at += length_of(name_characters, text + at, size - at);
    if (at == from || !is_letter_or_digit(text[from])) return malformed(command_error::malformed_reference);
    if (at == size || reference_ends[text[at]]) return malformed(command_error::empty_path);
    if (text[at] != '/') return malformed(command_error::malformed_reference);
    found.task = {text + from, at - from};

    from = ++at;
    std::uint32_t component = from;
    bool suspicious = at == size;
    bool shell_syntax = false;
    for (; at < size; ++at) {
        at += length_before(path_marks, text + at, size - at);
        if (at == size || reference_ends[text[at]]) break;
        switch (text[at]) {
            case '/':
                suspicious = suspicious || at == component || text[component] == '.';
                component = at + 1;
                break;
            case ':':
                // The other reference is not part of this one.
                if (joins(text, at, size, from)) {
                    size = at + 2 - static_cast<std::uint32_t>(reference_scheme.size());
                    at = size - 1;
                }
                break;
            case '{':
                if (at + 1 < size && text[at + 1] == '{')
                    return malformed(command_error::malformed_reference);
                break;
            case '$':
            case '\\':
                shell_syntax = true;
                break;
            default:  // an escape, or a NUL
                found.escapes = true;
        }
    }
    found.whole = {text + start, at - start};
    if (at - from > 1 && text[at - 1] == '/') --at;
    found.path = {text + from, at - from};
    if (suspicious || found.escapes || at <= component || text[component] == '.') {
        const command_error wrong = check_path(found.path.view());
        if (wrong != command_error::none) return wrong;
    }
    return shell_syntax && !quoted ? command_error::shell_syntax_in_path : command_error::none;
}

}  // namespace weft::text
