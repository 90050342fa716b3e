// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/character_table.hpp>
#include <weft/text/hash.hpp>
#include <weft/text/name.hpp>
#include <weft/text/path.hpp>
#include <weft/text/search.hpp>
#include <weft/text/slice.hpp>

#include <cstdint>
#include <string_view>

namespace weft::text {

inline constexpr std::string_view reference_scheme = "workflow://";

/// A reference as it was found in a command.
struct found_reference {
    slice whole{};     ///< as written
    slice workflow{};  ///< before the task's name; empty for the own workflow
    slice task{};
    slice path{};            ///< still with its %-escapes
    std::uint64_t hash = 0;  ///< of the task's name
    bool escapes = false;    ///< the path has some
};

namespace detail {

// What a character is to a reference. Those below `special` need no look.
enum reference_character : std::uint8_t { other, of_name, special, slash, end, colon, escape, dollar, brace };

inline constexpr character_table<reference_character> kinds = [] {
    character_table<reference_character> table{};
    const auto are = [&](std::string_view characters, reference_character kind) {
        for (const char c : characters) table.of[static_cast<unsigned char>(c)] = kind;
    };
    are("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-", of_name);
    are(" \t\n\r\v\f'\"`;|&<>()", end);
    are("/", slash);
    are(":", colon);
    are("%", escape);
    are({"\0", 1}, escape);  // looked at as one, and refused
    are("$\\", dollar);
    are("{", brace);
    return table;
}();

/// Whether another reference begins around the colon at `at`, joined to this one by `,` `:` or `=`: no path
/// of the first can hold the second.
constexpr bool joins(const char* text, std::uint32_t at, std::uint32_t size, std::uint32_t from) {
    constexpr auto scheme = static_cast<std::uint32_t>(reference_scheme.size());
    const std::uint32_t second = at + 3 - scheme;
    return second > from && second + scheme <= size && contains(",:=", text[second - 1]) &&
           std::string_view(text + second, scheme) == reference_scheme;
}

/// Where the reference ends that is malformed at `at`.
constexpr std::uint32_t end_of_malformed(const char* text, std::uint32_t at, std::uint32_t size) {
    while (at < size && kinds[text[at]] != end) ++at;
    return at;
}

}  // namespace detail

/// Reads the `workflow://[workflow]/task/path` that begins at `start`, in one pass: most of what a command
/// costs a compiler is this. `quoted`: it stands in single quotes, where a shell reads nothing.
constexpr command_error read_reference(const char* text, std::uint32_t start, std::uint32_t size, bool quoted,
                                       found_reference& found) {
    using namespace detail;
    std::uint32_t at = start + static_cast<std::uint32_t>(reference_scheme.size());
    const auto malformed = [&](command_error why) {
        found.whole = {text + start, end_of_malformed(text, at, size) - start};
        return why;
    };
    std::uint32_t from = at;
    while (at < size && kinds[text[at]] < special) ++at;
    if (at == size || text[at] != '/') return malformed(command_error::malformed_reference);
    found.workflow = {text + from, at - from};

    from = ++at;
    std::uint64_t hash = hash_start;
    for (; at < size; ++at) {
        const char c = text[at];
        // Most characters, first: a comparison costs a compiler less than the look into a table, a call.
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && kinds[c] != of_name) break;
        hash = (hash ^ static_cast<unsigned char>(c)) * hash_factor;
    }
    if (at == from || !is_letter_or_digit(text[from])) return malformed(command_error::malformed_reference);
    if (at == size || kinds[text[at]] == end) return malformed(command_error::empty_path);
    if (text[at] != '/') return malformed(command_error::malformed_reference);
    found.task = {text + from, at - from};
    found.hash = hash_end(hash);

    from = ++at;
    std::uint32_t component = from;
    bool suspicious = at == size;
    bool shell_syntax = false;
    for (; at < size; ++at) {
        const char c = text[at];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) continue;
        const reference_character kind = kinds[c];
        if (kind < special) continue;
        if (kind == end) break;
        if (kind == slash) {
            suspicious = suspicious || at == component || text[component] == '.';
            component = at + 1;
        } else if (kind == colon) {
            if (!joins(text, at, size, from)) continue;
            at -= static_cast<std::uint32_t>(reference_scheme.size()) - 2;
            break;
        } else if (kind == brace) {
            if (at + 1 < size && text[at + 1] == '{') return malformed(command_error::malformed_reference);
        } else {
            found.escapes = found.escapes || kind == escape;
            shell_syntax = shell_syntax || kind == dollar;
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
