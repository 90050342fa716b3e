// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/action.hpp>
#include <weft/graph/part.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace weft::graph {

/// How many rows an action's arguments can become at most: every colon before two slashes may be a
/// reference's, every second brace a placeholder's.
struct action_bounds {
    std::size_t arguments = 0;
    std::size_t marks = 0;
    bool escapes = false;  ///< a path may hold one
};

consteval action_bounds bounds_of(std::span<const std::string_view> arguments) {
    action_bounds bounds;
    bounds.arguments = arguments.size();
    for (const std::string_view argument : arguments) {
        const char* const text = argument.data();
        const std::size_t size = argument.size();
        bool percent = false;
        std::size_t references = 0;
        for (std::size_t at = 0; at + 1 < size; ++at) {
            if (text[at] == ':' && text[at + 1] == '/') ++references;
            if (text[at] == '{' && text[at + 1] == '{') ++bounds.marks;
            if (text[at] == '%') percent = true;
        }
        bounds.marks += references;
        bounds.escapes = bounds.escapes || (percent && references != 0);
    }
    return bounds;
}

/// The rows of an action. One type and one reader serve all actions that have equal bounds: what a task costs
/// the compiler is a constant evaluation, not a set of instantiations.
template <action_bounds Bounds>
struct action_rows {
    piece_row pieces[2 * Bounds.marks + Bounds.arguments]{};
    mention mentions[Bounds.marks + 1]{};
    placeholder placeholders[Bounds.marks + 1]{};
    std::uint32_t piece_count = 0;
    std::uint32_t mention_count = 0;
    std::uint32_t placeholder_count = 0;
    text::command_error error = text::command_error::none;
    std::string_view culprit;

    /// Adds a piece; `decoded` holds the characters of its path when that has escapes.
    constexpr void add(const text::found_piece& piece, std::uint32_t argument, std::string_view decoded) {
        piece_row& row = pieces[piece_count++];
        row.what = piece.what;
        row.context = piece.context;
        row.argument = argument;
        row.text = piece.whole;
        if (piece.what == text::found_piece::kind::placeholder)
            row.target = place_of(named(piece.name), piece.context == text::shell_context::arithmetic);
        if (piece.what == text::found_piece::kind::reference)
            row.target = place_of({piece.whole, piece.workflow, named(piece.name), named(decoded)});
    }

private:
    constexpr std::uint32_t place_of(const named& name, bool number) {
        std::uint32_t at = 0;
        while (at < placeholder_count && !(placeholders[at].name == name)) ++at;
        if (at == placeholder_count) placeholders[placeholder_count++].name = name;
        if (number) placeholders[at].number = true;
        return at;
    }
    constexpr std::uint32_t place_of(const mention& found) {
        std::uint32_t at = 0;
        while (at < mention_count && !(mentions[at].path == found.path && mentions[at].task == found.task &&
                                       mentions[at].workflow == found.workflow))
            ++at;
        if (at == mention_count) mentions[mention_count++] = found;
        return at;
    }
};

/// Reads the arguments of an action and calls `found(piece, argument)` for each piece.
constexpr text::command_error read_arguments(std::span<const std::string_view> arguments, bool shell,
                                             std::string_view& culprit, auto&& found) {
    std::uint32_t argument = 0;
    for (const std::string_view text : arguments) {
        const auto wrong = text::read_command(
            text, shell, culprit, [&](const text::found_piece& piece) { found(piece, argument); });
        if (wrong != text::command_error::none) return wrong;
        // An empty argument has no piece but is one all the same.
        if (text.empty()) found(text::found_piece{}, argument);
        ++argument;
    }
    if (!shell && arguments[0].empty()) return text::command_error::empty;
    return text::command_error::none;
}

/// The paths that hold escapes, decoded, one after the other; no longer than the arguments.
template <std::size_t Size>
struct decoded_paths {
    char characters[Size]{};
};

template <std::size_t Size>
consteval decoded_paths<Size> decode_paths(std::span<const std::string_view> arguments, bool shell) {
    decoded_paths<Size> decoded;
    std::size_t used = 0;
    std::string_view culprit;
    read_arguments(arguments, shell, culprit, [&](const text::found_piece& piece, std::uint32_t) {
        if (text::contains(piece.path, '%'))
            for (std::size_t at = 0; at < piece.path.size();)
                decoded.characters[used++] = text::decoded(piece.path, at);
    });
    return decoded;
}

/// Reads an action; `decoded` are its decoded paths when it may have any.
template <action_bounds Bounds>
consteval action_rows<Bounds> read_action(std::span<const std::string_view> arguments, bool shell,
                                          std::string_view decoded) {
    action_rows<Bounds> rows;
    std::size_t used = 0;
    rows.error = read_arguments(
        arguments, shell, rows.culprit, [&](const text::found_piece& piece, std::uint32_t argument) {
            std::string_view path = piece.path;
            if (!decoded.empty() && text::contains(path, '%')) {
                const std::size_t start = used;
                for (std::size_t at = 0; at < path.size(); ++used) text::decoded(path, at);
                path = decoded.substr(start, used - start);
            }
            rows.add(piece, argument, path);
        });
    if (rows.error != text::command_error::none)
        rows.piece_count = rows.mention_count = rows.placeholder_count = 0;
    return rows;
}

/// An action, read once for all tasks that have the same.
template <class Action>
struct action_reader;

template <bool Shell, text::fixed_string... Arguments>
struct arguments_reader {
    static constexpr bool shell = Shell;
    static constexpr std::string_view arguments[] = {Arguments.view()...};
    static constexpr action_bounds bounds = bounds_of(arguments);

    static consteval auto read() {
        if constexpr (bounds.escapes) {
            return read_action<bounds>(arguments, shell, {decoded<>.characters, sizeof decoded<>.characters});
        } else {
            return read_action<bounds>(arguments, shell, {});
        }
    }
    // A template, so that only commands with escapes have it.
    template <class...>
    static constexpr auto decoded = decode_paths<(sizeof(Arguments) + ...)>(arguments, shell);
};

template <text::fixed_string Command>
struct action_reader<dsl::shell_action<Command>> : arguments_reader<true, Command> {};
template <text::fixed_string... Arguments>
struct action_reader<dsl::program_action<Arguments...>> : arguments_reader<false, Arguments...> {};

template <class Action>
inline constexpr auto read_action_rows = action_reader<Action>::read();

}  // namespace weft::graph
