// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/action.hpp>
#include <weft/graph/part.hpp>
#include <weft/text/glob.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::graph {

/// The maximum number of rows for an action's arguments: every colon before a slash may belong to a
/// reference, every second brace to a placeholder.
struct action_bounds {
    std::size_t arguments = 0;
    std::size_t references = 0;
    std::size_t placeholders = 0;
    bool escapes = false;  ///< a path may contain one
};

/// Counts `First` before `second`; "///" are two slashes before a slash.
template <char First>
constexpr std::size_t count_pairs(text::slice text, char second) {
    std::size_t count = 0;
    for (std::uint32_t at = 0; at < text.size; ++at) {
        at += text::length_before<First>(text.data + at, text.size - at);
        if (at + 1 < text.size && text.data[at + 1] == second) ++count;
    }
    return count;
}

/// Whether there is an escape, or a NUL, which is read like one.
constexpr bool may_hold_escapes(text::slice text) {
    return text::length_before<'%'>(text.data, text.size) != text.size ||
           text::length_before<'\0'>(text.data, text.size) != text.size;
}

constexpr action_bounds bounds_of(const text::slice* arguments, std::size_t count) {
    action_bounds bounds;
    bounds.arguments = count;
    for (std::size_t argument = 0; argument < count; ++argument) {
        bounds.references += count_pairs<':'>(arguments[argument], '/');
        bounds.placeholders += count_pairs<'{'>(arguments[argument], '{');
        bounds.escapes = bounds.escapes || may_hold_escapes(arguments[argument]);
    }
    bounds.escapes = bounds.escapes && bounds.references != 0;
    return bounds;
}

consteval action_bounds bounds_of(text::slice command) {
    return bounds_of(&command, 1);
}

/// The rows of an action. All actions with equal bounds share one type and one reader, so that a task costs
/// the compiler a constant evaluation and not a set of instantiations.
template <action_bounds Bounds>
struct action_rows {
    piece_row pieces[2 * (Bounds.references + Bounds.placeholders) + Bounds.arguments]{};
    mention mentions[Bounds.references + 1]{};
    placeholder placeholders[Bounds.placeholders + 1]{};
    index piece_count = 0;
    index mention_count = 0;
    index placeholder_count = 0;
    text::command_error error = text::command_error::none;
    text::slice culprit{};
    text::shell_place place = text::shell_place::words;  ///< of that error

    constexpr void add_text(text::slice text, index argument) {
        piece_row& row = pieces[piece_count++];
        row.argument = argument;
        row.text = text;
    }
    /// Adds a reference or placeholder; `path` is a reference's path with its escapes decoded.
    constexpr void add(const text::found_piece& piece, index argument, text::slice path) {
        piece_row& row = pieces[piece_count++];
        row.what = piece.what;
        row.context = piece.context;
        row.place = piece.place;
        row.argument = argument;
        row.text = piece.whole;
        if (piece.what == text::found_piece::kind::placeholder)
            row.target = row_of(name_of(piece.name.view()), piece);
        else
            row.target = row_of(piece.reference, path);
    }

    /// Merges the demands of a placeholder's position into its row.
    static constexpr void take(const text::found_piece& piece, placeholder& row) {
        if (piece.place > row.place) row.place = piece.place;
        // A list within quotes is one word.
        if (piece.context == text::shell_context::bare && text::takes_one_word(piece.place))
            row.one_word = true;
    }
    static constexpr void take(const text::found_reference& found, text::slice path, bool glob,
                               std::uint64_t hash, mention& row) {
        row.whole = found.whole;
        // As `name_of` does, but without its temporary objects, three for each task.
        row.task.name = found.task;
        row.task.hash = hash;
        row.path = path;
        row.glob = glob;
        if (found.workflow.size != 0) row.workflow = name_of(found.workflow.view());
    }

    /// The last piece is in an argument that is the script of a shell.
    constexpr void mark_script(const text::found_piece& piece) {
        place = text::shell_place::script;
        if (piece.what == text::found_piece::kind::placeholder)
            placeholders[pieces[piece_count - 1].target].place = place;
        else if (error == text::command_error::none)
            fail(text::command_error::unquotable_place, piece.whole);
    }
    constexpr void fail(text::command_error why, text::slice what) {
        error = why;
        culprit = what;
    }
    /// The attributes of variables are known only at the end of the command.
    constexpr void finish(const text::command_reader& reader) {
        for (index at = 0; at < placeholder_count; ++at)
            if (reader.evaluates(placeholders[at].place))
                placeholders[at].place = text::shell_place::arithmetic;
    }

private:
    constexpr index row_of(const named& name, const text::found_piece& piece) {
        index at = 0;
        while (at < placeholder_count && !(placeholders[at].name == name)) ++at;
        if (at == placeholder_count) placeholders[placeholder_count++].name = name;
        take(piece, placeholders[at]);
        return at;
    }
    constexpr index row_of(const text::found_reference& found, text::slice path) {
        const bool glob = text::is_glob(found.path.view());
        index at = 0;
        for (; at < mention_count; ++at)
            if (mentions[at].task.name == found.task && mentions[at].path == path &&
                mentions[at].glob == glob && mentions[at].workflow.name == found.workflow)
                return at;
        take(found, path, glob, text::hash(found.task.view()), mentions[mention_count++]);
        return at;
    }
};

/// Whether a program's argument is the script of a shell: `exec<"sh", "-c", "echo {{x}}">`.
constexpr bool is_script(const text::slice* arguments, index argument) {
    if (argument < 2) return false;
    const std::string_view option = arguments[argument - 1].view();
    if (option.size() < 2 || option[0] != '-' || option[1] == '-' || !text::contains(option, 'c'))
        return false;
    for (index before = 0; before + 1 < argument; ++before)
        if (text::is_shell(arguments[before].view())) return true;
    return false;
}

/// A glob keeps its escapes: `%2A` is not a wildcard.
constexpr bool is_decoded(const text::found_reference& found) {
    return found.escapes && !text::is_glob(found.path.view());
}

/// Reads an action's arguments. `decoded` contains the paths with escapes, decoded, if there may be any.
template <action_bounds Bounds>
constexpr action_rows<Bounds> read_arguments(const text::slice* arguments, bool shell, const char* decoded) {
    action_rows<Bounds> rows;
    if (!shell && arguments[0].size == 0) {
        rows.error = text::command_error::empty;
        return rows;
    }
    constexpr bool pieces = Bounds.references + Bounds.placeholders != 0;
    const text::shell_reading reading = !shell   ? text::shell_reading::argument
                                        : pieces ? text::shell_reading::places
                                                 : text::shell_reading::balance;
    for (index argument = 0; argument < Bounds.arguments; ++argument) {
        text::command_reader reader(arguments[argument].view(), reading);
        while (reader.next()) {
            if (reader.text().size != 0) rows.add_text(reader.text(), argument);
            const text::found_piece& piece = reader.piece();
            if (piece.what == text::found_piece::kind::text) continue;
            text::slice path = piece.reference.path;
            if (is_decoded(piece.reference)) {
                const char* const start = decoded;
                for (std::size_t at = 0; at < path.size; ++decoded) text::decoded(path.view(), at);
                path = {start, static_cast<index>(decoded - start)};
            }
            rows.add(piece, argument, path);
            if (!shell && is_script(arguments, argument)) rows.mark_script(piece);
        }
        // An empty argument has no piece but is still an argument.
        if (arguments[argument].size == 0) rows.add_text({}, argument);
        if (reader.error() != text::command_error::none) {
            rows.fail(reader.error(), reader.culprit());
            rows.place = reader.piece().place;
        }
        if (rows.error != text::command_error::none) break;
        if (shell) rows.finish(reader);
    }
    if (rows.error != text::command_error::none)
        rows.piece_count = rows.mention_count = rows.placeholder_count = 0;
    return rows;
}

/// Reads a shell command without escapes in its paths. Nearly all commands are such, and this saves the
/// compiler an instantiation for each.
template <action_bounds Bounds>
consteval action_rows<Bounds> read_command(text::slice command) {
    return read_arguments<Bounds>(&command, true, nullptr);
}

/// The decoded paths with escapes, one after the other; no longer than the arguments.
template <std::size_t Size>
struct decoded_paths {
    char characters[Size]{};
};

template <std::size_t Size>
consteval decoded_paths<Size> decode_paths(const text::slice* arguments, std::size_t count, bool shell) {
    decoded_paths<Size> decoded;
    std::size_t used = 0;
    for (std::size_t argument = 0; argument < count; ++argument) {
        text::command_reader reader(arguments[argument].view(), shell);
        while (reader.next()) {
            if (!is_decoded(reader.piece().reference)) continue;
            const std::string_view path = reader.piece().reference.path.view();
            for (std::size_t at = 0; at < path.size();) decoded.characters[used++] = text::decoded(path, at);
        }
    }
    return decoded;
}

template <text::fixed_string... Arguments>
inline constexpr text::slice arguments_of[] = {{Arguments.characters, sizeof(Arguments) - 1}...};

template <bool Shell, text::fixed_string... Arguments>
inline constexpr auto decoded_of = decode_paths<(sizeof(Arguments) + ...)>(arguments_of<Arguments...>,
                                                                           sizeof...(Arguments), Shell);

template <bool Shell, text::fixed_string... Arguments>
consteval auto read_action() {
    constexpr const auto& arguments = arguments_of<Arguments...>;
    constexpr action_bounds bounds = bounds_of(arguments, sizeof...(Arguments));
    if constexpr (bounds.escapes)
        return read_arguments<bounds>(arguments, Shell, decoded_of<Shell, Arguments...>.characters);
    else
        return read_arguments<bounds>(arguments, Shell, nullptr);
}

template <class Action>
inline constexpr bool runs_in_shell = false;
template <text::fixed_string Command>
inline constexpr bool runs_in_shell<dsl::shell_action<Command>> = true;

}  // namespace weft::graph
