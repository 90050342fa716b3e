// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/hash.hpp>
#include <weft/text/name.hpp>
#include <weft/text/search.hpp>
#include <weft/text/shell_scanner.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// A piece of a command as it was found: literal text, a reference or a placeholder.
struct found_piece {
    enum class kind : std::uint8_t { text, reference, placeholder };
    kind what = kind::text;
    shell_context context = shell_context::bare;
    std::string_view whole{};     ///< as written
    std::string_view workflow{};  ///< of a reference: before the task's name, empty for the own workflow
    std::string_view name{};      ///< of a reference: the task; of a placeholder: the identifier
    std::string_view path{};      ///< of a reference: still with its %-escapes
};

/// What can be wrong with a command, before any name in it is looked up.
enum class command_error : std::uint8_t {
    none,
    empty,
    unbalanced_quotes,
    malformed_reference,
    absolute_path,
    empty_path,
    path_leaves,
    shell_syntax_in_path,
    unquotable_place,
};

inline constexpr std::string_view reference_scheme = "workflow://";

/// Whether a character ends a reference: white space, a quote, or one of `; | & < > ( )`.
inline constexpr auto ends_reference = [] {
    std::array<bool, 256> ends{};
    for (const char c : std::string_view(" \t\n\r\v\f'\"`;|&<>()")) ends[static_cast<unsigned char>(c)] = true;
    return ends;
}();

constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The character at `at` of a path with its escape decoded; `at` moves behind it. '\0' for a wrong escape.
constexpr char decoded(std::string_view path, std::size_t& at) {
    if (path[at] != '%') return path[at++];
    if (at + 2 >= path.size()) return '\0';
    const int high = hex_digit(path[at + 1]);
    const int low = hex_digit(path[at + 2]);
    at += 3;
    return high < 0 || low < 0 ? '\0' : static_cast<char>(high * 16 + low);
}

/// Looks at a path as a person wrote it: relative, not empty, no `.`, `..` or empty component.
constexpr command_error check_path(std::string_view path) {
    if (path.empty()) return command_error::empty_path;
    if (path[0] == '/') return command_error::absolute_path;
    std::size_t length = 0;  // of the component so far
    bool dots = true;        // it holds only dots
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

/// How long the reference is that `text` begins with.
constexpr std::size_t reference_size(std::string_view text) {
    constexpr std::size_t scheme = reference_scheme.size();
    std::size_t end = scheme;
    for (; end < text.size() && !ends_reference[static_cast<unsigned char>(text[end])]; ++end) {
        // `a:b` and `a,b` of two references: no path of the first can hold the second.
        const std::size_t second = end + 3 - scheme;
        if (text[end] == ':' && second > scheme && contains(",:=", text[second - 1]) &&
            text.substr(second, scheme) == reference_scheme)
            return second - 1;
    }
    return end;
}

/// Reads `workflow://[workflow]/task/path` from its beginning; `piece` gets its parts.
constexpr command_error read_reference(std::string_view text, found_piece& piece) {
    const std::size_t end = reference_size(text);
    piece.whole = text.substr(0, end);
    std::string_view rest = piece.whole.substr(reference_scheme.size());
    const auto first = find(rest, '/');
    if (first == nowhere) return command_error::malformed_reference;
    piece.workflow = rest.substr(0, first);
    rest = rest.substr(first + 1);
    const auto second = find(rest, '/');
    piece.name = rest.substr(0, second);
    if (!is_name(piece.name)) return command_error::malformed_reference;
    if (second == nowhere) return command_error::empty_path;
    piece.path = rest.substr(second + 1);
    if (piece.path.size() > 1 && piece.path.back() == '/') piece.path.remove_suffix(1);
    if (const auto wrong = check_path(piece.path); wrong != command_error::none) return wrong;
    if (contains(piece.path, '{') && find(piece.path, "{{") != nowhere) return command_error::malformed_reference;
    if (piece.context != shell_context::single_quoted &&
        (contains(piece.path, '$') || contains(piece.path, '\\')))
        return command_error::shell_syntax_in_path;
    return command_error::none;
}

/// Whether the colon at `at` is a reference's, whose letters before it are all as they stand.
constexpr bool is_reference(std::string_view command, std::size_t at, const shell_scanner& scanner) {
    constexpr std::size_t name = reference_scheme.size() - 3;
    return at >= name && at - name >= scanner.word_part_end() && at + 2 < command.size() &&
           command[at + 1] == '/' && command[at + 2] == '/' &&
           command.substr(at - name, name) == reference_scheme.substr(0, name);
}

/// Sees whether a reference's colon or a placeholder's brace is at `at`; `piece` becomes that.
constexpr command_error read_piece(std::string_view command, std::size_t at, const shell_scanner& scanner,
                                   found_piece& piece) {
    const char c = command[at];
    if (c != ':' && (c != '{' || at + 1 == command.size() || command[at + 1] != '{'))
        return command_error::none;
    piece.context = scanner.context();
    if (piece.context == shell_context::comment) return command_error::none;
    if (c == ':') {
        if (!is_reference(command, at, scanner)) return command_error::none;
        piece.what = found_piece::kind::reference;
        const auto wrong = read_reference(command.substr(at + 3 - reference_scheme.size()), piece);
        if (wrong != command_error::none) return wrong;
    } else {
        const std::string_view rest = command.substr(at);
        const auto close = find(rest, "}}");
        if (close == nowhere || !is_identifier(rest.substr(2, close - 2))) return command_error::none;
        piece.what = found_piece::kind::placeholder;
        piece.whole = rest.substr(0, close + 2);
        piece.name = rest.substr(2, close - 2);
    }
    const bool number = piece.what == found_piece::kind::placeholder;  // perhaps: whoever knows types looks
    if (piece.context == shell_context::unquotable || (piece.context == shell_context::arithmetic && !number))
        return command_error::unquotable_place;
    return command_error::none;
}

constexpr bool is_blank(std::string_view text) {
    for (const char c : text)
        if (!contains(" \t\n\r", c)) return false;
    return true;
}

/// Walks over a command and calls `found(piece)` for every piece in order; literal text comes in one piece
/// between two others. `culprit` gets what an error is about.
template <class Found>
constexpr command_error read_command(std::string_view command, bool shell, std::string_view& culprit,
                                     Found&& found) {
    shell_scanner scanner(command, shell);
    std::size_t text_start = 0;
    culprit = command;
    while (scanner.pass_plain(), !scanner.at_end()) {
        found_piece piece;
        const std::size_t at = scanner.position();
        const command_error wrong = read_piece(command, at, scanner, piece);
        if (wrong != command_error::none) return culprit = piece.whole, wrong;
        if (piece.what == found_piece::kind::text) {
            scanner.step();
            continue;
        }
        const std::size_t start =
            piece.what == found_piece::kind::reference ? at + 3 - reference_scheme.size() : at;
        if (start > text_start) found(found_piece{.whole = command.substr(text_start, start - text_start)});
        found(piece);
        scanner.skip(start + piece.whole.size() - at);
        text_start = start + piece.whole.size();
    }
    if (text_start < command.size()) found(found_piece{.whole = command.substr(text_start)});
    if (!scanner.balanced()) return command_error::unbalanced_quotes;
    if (shell && is_blank(command)) return command_error::empty;
    return command_error::none;
}

}  // namespace weft::text
