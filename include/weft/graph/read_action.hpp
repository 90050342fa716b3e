// SPDX-License-Identifier: MIT
#pragma once

#include <weft/graph/part.hpp>

namespace weft::graph {

/// How many rows an action's command becomes, and what is wrong with it.
struct action_sizes {
    std::size_t pieces = 0;
    std::size_t mentions = 0;
    std::size_t placeholders = 0;
    std::size_t decoded = 0;  ///< characters of paths that hold escapes
    text::command_error error = text::command_error::none;
    std::string_view culprit;
};

template <std::size_t Arguments>
constexpr text::command_error read_arguments(const std::array<std::string_view, Arguments>& arguments,
                                             bool shell, std::string_view& culprit, auto found) {
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

template <std::size_t Arguments>
consteval action_sizes measure(const std::array<std::string_view, Arguments>& arguments, bool shell) {
    action_sizes sizes;
    sizes.error =
        read_arguments(arguments, shell, sizes.culprit, [&](const text::found_piece& piece, std::uint32_t) {
            ++sizes.pieces;
            if (piece.what == text::found_piece::kind::placeholder) ++sizes.placeholders;
            if (piece.what != text::found_piece::kind::reference) return;
            ++sizes.mentions;
            if (text::contains(piece.path, '%')) sizes.decoded += piece.path.size();
        });
    if (sizes.error != text::command_error::none)
        sizes.pieces = sizes.mentions = sizes.placeholders = sizes.decoded = 0;
    return sizes;
}

/// The arguments of an action, each in the storage of its template argument.
template <class Action>
struct arguments_of;
template <text::fixed_string Command>
struct arguments_of<dsl::shell_action<Command>> {
    static constexpr bool shell = true;
    static constexpr std::array<std::string_view, 1> rows{Command.view()};
};
template <text::fixed_string... Arguments>
struct arguments_of<dsl::program_action<Arguments...>> {
    static constexpr bool shell = false;
    static constexpr std::array<std::string_view, sizeof...(Arguments)> rows{Arguments.view()...};
};

template <class Action>
inline constexpr action_sizes sizes_of = measure(arguments_of<Action>::rows, arguments_of<Action>::shell);

template <class Action>
constexpr void visit_pieces(auto found) {
    std::string_view culprit;
    if (sizes_of<Action>.error == text::command_error::none)
        read_arguments(arguments_of<Action>::rows, arguments_of<Action>::shell, culprit, found);
}

constexpr bool has_escapes(const text::found_piece& piece) {
    return text::contains(piece.path, '%');
}

/// The characters of the paths that hold escapes, one after the other.
template <class Action>
consteval auto decode_paths() {
    std::array<char, sizes_of<Action>.decoded + 1> characters{};
    std::size_t size = 0;
    visit_pieces<Action>([&](const text::found_piece& piece, std::uint32_t) {
        if (has_escapes(piece))
            for (std::size_t at = 0; at < piece.path.size();)
                characters[size++] = text::decoded(piece.path, at);
    });
    return characters;
}

template <class Action>
inline constexpr auto decoded_paths = decode_paths<Action>();

/// The rows of an action. Mentions and placeholders are distinct.
template <action_sizes const& Sizes>
struct action_rows {
    std::array<piece_row, Sizes.pieces> pieces{};
    std::array<mention, Sizes.mentions> mentions{};
    std::array<named, Sizes.placeholders> placeholders{};
    std::size_t mention_count = 0;
    std::size_t placeholder_count = 0;

    constexpr std::uint32_t place_of(const named& name) {
        std::uint32_t at = 0;
        while (at < placeholder_count && !(placeholders[at] == name)) ++at;
        if (at == placeholder_count) placeholders[placeholder_count++] = name;
        return at;
    }
    constexpr std::uint32_t place_of(const mention& found) {
        const auto same = [&](const mention& other) {
            return other.task == found.task && other.workflow == found.workflow && other.path == found.path;
        };
        std::uint32_t at = 0;
        while (at < mention_count && !same(mentions[at])) ++at;
        if (at == mention_count) mentions[mention_count++] = found;
        return at;
    }
};

template <class Action>
consteval auto read_action() {
    action_rows<sizes_of<Action>> rows;
    std::size_t count = 0;
    std::size_t used = 0;
    visit_pieces<Action>([&](const text::found_piece& piece, std::uint32_t argument) {
        piece_row& row = rows.pieces[count++];
        row.what = piece.what;
        row.context = piece.context;
        row.argument = argument;
        row.text = piece.whole;
        if (piece.what == text::found_piece::kind::placeholder) row.target = rows.place_of(named(piece.name));
        if (piece.what != text::found_piece::kind::reference) return;
        mention found{piece.whole, piece.workflow, named(piece.name), piece.path};
        if (has_escapes(piece)) {
            const std::size_t start = used;
            for (std::size_t at = 0; at < piece.path.size(); ++used) text::decoded(piece.path, at);
            found.path = std::string_view(decoded_paths<Action>.data() + start, used - start);
        }
        row.target = rows.place_of(found);
    });
    return rows;
}

/// An action's command, read once for all tasks that have the same.
template <class Action>
inline constexpr auto read_action_rows = read_action<Action>();

}  // namespace weft::graph
