// SPDX-License-Identifier: MIT
// Reads a long action, such as a gather of thousands of files, in parts: compilers limit the steps of one
// constant evaluation (Clang to 1,048,576, GCC to 33,554,432), so none may grow with the action.
#pragma once

#include <weft/graph/read_action.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace weft::graph {

/// The maximum length that one evaluation reads: some 50,000 of Clang's steps, and a few million of GCC's
/// operations, for which each part costs a symbol with the whole action in it. Very long actions are read in
/// larger parts, because each part is an instantiation within that of the next.
struct part_limits {
    std::uint32_t characters = 0;
    std::uint32_t pieces = 0;
};
constexpr part_limits limits_of(std::size_t size) {
    constexpr std::size_t most_parts = 200;
#ifdef __clang__
    part_limits limits{4096, 64};
#else
    part_limits limits{32768, 1024};
#endif
    while (limits.characters * most_parts < size) limits.characters *= 2, limits.pieces *= 2;
    return limits;
}

/// The rows of a part, and the position of the next one. Equal references are several rows here.
template <part_limits Limits>
struct action_part {
    text::command_reader reader;
    index argument = 0;
    bool done = false;
    text::command_error error = text::command_error::none;
    text::slice culprit{};
    index piece_count = 0;
    index found_count = 0;
    index placeholder_count = 0;  ///< number of placeholders in `found`
    std::size_t escaped = 0;      ///< characters of paths with escapes
    piece_row pieces[2 * Limits.pieces + 2]{};
    text::found_piece found[Limits.pieces + 1]{};  ///< references and placeholders
    std::uint64_t hashes[Limits.pieces + 1]{};     ///< of a task's or placeholder's name
    std::uint64_t keys[Limits.pieces + 1]{};       ///< the same with a path's hash
    bool globs[Limits.pieces + 1]{};               ///< whether a reference's path is a glob
    bool decoded[Limits.pieces + 1]{};  ///< whether it contains escapes to decode; a glob keeps its escapes
    bool scripts[Limits.pieces + 1]{};  ///< whether it is in the script of a shell

    constexpr explicit action_part(const text::command_reader& begin) : reader(begin) {}
    constexpr void add_text(text::slice text) {
        // Assigns the whole row, which may contain one of the previous part.
        pieces[piece_count++] = {.argument = argument, .text = text};
    }
    constexpr void add(const text::found_piece& piece) {
        piece_row& row = pieces[piece_count++];
        row.what = piece.what;
        row.context = piece.context;
        row.place = piece.place;
        row.argument = argument;
        row.target = found_count;
        row.text = piece.whole;
        found[found_count] = piece;
        if (piece.what == text::found_piece::kind::placeholder) {
            keys[found_count] = hashes[found_count] = text::hash(piece.name.view());
            globs[found_count] = decoded[found_count] = false;  // may be set by the previous part
            ++placeholder_count;
        } else {
            hashes[found_count] = text::hash(piece.reference.task.view());
            keys[found_count] = hashes[found_count] * 31 + text::hash(piece.reference.path.view());
            globs[found_count] = text::is_glob(piece.reference.path.view());
            decoded[found_count] = piece.reference.escapes && !globs[found_count];
            if (decoded[found_count]) escaped += piece.reference.path.size;
        }
        ++found_count;
    }
};

/// Continues after `part`.
template <part_limits Limits>
constexpr action_part<Limits> read_part_of(const text::slice* arguments, std::size_t count, bool shell,
                                           action_part<Limits> part) {
    part.piece_count = part.found_count = part.placeholder_count = 0;
    part.escaped = 0;
    const std::uint32_t stop = part.reader.position() + Limits.characters;
    while (part.found_count < Limits.pieces && part.piece_count < 2 * Limits.pieces) {
        if (part.reader.next(stop)) {
            if (part.reader.text().size != 0) part.add_text(part.reader.text());
            if (part.reader.piece().what == text::found_piece::kind::text) continue;
            part.add(part.reader.piece());
            part.scripts[part.found_count - 1] = !shell && is_script(arguments, part.argument);
            continue;
        }
        if (part.reader.paused()) return part;
        // An empty argument has no piece but is still an argument.
        if (arguments[part.argument].size == 0) part.add_text({});
        part.error = part.reader.error();
        part.culprit = part.reader.culprit();
        if (!shell && part.argument == 0 && arguments[0].size == 0) part.error = text::command_error::empty;
        part.done = part.error != text::command_error::none || part.argument + 1 == count;
        if (part.done) return part;
        part.reader = text::command_reader(arguments[++part.argument].view(), shell);
    }
    return part;
}

template <bool Shell, text::fixed_string... Arguments>
inline constexpr part_limits limits_for = limits_of((sizeof(Arguments) + ...));

template <std::size_t Part, bool Shell, text::fixed_string... Arguments>
inline constexpr auto part_of = read_part_of<limits_for<Shell, Arguments...>>(
    arguments_of<Arguments...>, sizeof...(Arguments), Shell, part_of<Part - 1, Shell, Arguments...>);
template <bool Shell, text::fixed_string... Arguments>
inline constexpr auto part_of<0, Shell, Arguments...> = read_part_of<limits_for<Shell, Arguments...>>(
    arguments_of<Arguments...>, sizeof...(Arguments), Shell,
    action_part<limits_for<Shell, Arguments...>>(text::command_reader(arguments_of<Arguments...>[0].view(),
                                                                      Shell)));

template <std::size_t Parts, bool Shell, text::fixed_string... Arguments>
consteval std::size_t count_parts() {
    if constexpr (part_of<Parts - 1, Shell, Arguments...>.done)
        return Parts;
    else
        return count_parts<Parts + 1, Shell, Arguments...>();
}

/// The decoded paths with escapes of a part, one after the other.
template <std::size_t Size, part_limits Limits>
consteval decoded_paths<Size> decode_part(const action_part<Limits>& part) {
    decoded_paths<Size> decoded;
    std::size_t used = 0;
    for (index at = 0; at < part.found_count; ++at) {
        if (!part.decoded[at]) continue;
        const std::string_view path = part.found[at].reference.path.view();
        for (std::size_t from = 0; from < path.size();)
            decoded.characters[used++] = text::decoded(path, from);
    }
    return decoded;
}
template <std::size_t Part, bool Shell, text::fixed_string... Arguments>
inline constexpr auto decoded_part =
    decode_part<part_of<Part, Shell, Arguments...>.escaped + 1>(part_of<Part, Shell, Arguments...>);

/// Gives equal items the same number, in order of first appearance: open addressing, at most half full.
template <std::size_t Most>
class numbering {
public:
    /// The number of the item with that key for which `is_same(number)` is true. A new item gets the number
    /// `count`.
    template <class Same>
    constexpr index number_of(std::uint64_t key, index count, Same is_same) {
        index slot = static_cast<index>(key) & mask;
        for (; slots_[slot] != 0; slot = (slot + 1) & mask)
            if (is_same(slots_[slot] - 1)) return slots_[slot] - 1;
        slots_[slot] = count + 1;
        return count;
    }

private:
    static constexpr index mask = static_cast<index>(std::bit_ceil(2 * Most + 2) - 1);
    index slots_[mask + 1]{};  // item number plus 1; 0 if free
};

template <part_limits Limits>
struct part_rows_of {
    const action_part<Limits>* rows;
    const char* decoded;
};

/// All rows of a long action.
template <action_bounds Bounds, part_limits Limits>
constexpr action_rows<Bounds> join_parts(const part_rows_of<Limits>* parts, std::size_t count, bool shell) {
    action_rows<Bounds> all;
    numbering<Bounds.references> references;
    numbering<Bounds.placeholders> names;
    for (std::size_t number = 0; number < count; ++number) {
        const action_part<Limits>& part = *parts[number].rows;
        const char* decoded = parts[number].decoded;
        for (index at = 0; at < part.piece_count; ++at) {
            piece_row& row = all.pieces[all.piece_count++];
            row = part.pieces[at];
            if (row.what == text::found_piece::kind::text) continue;
            const index from = row.target;
            const text::found_piece& piece = part.found[from];
            if (row.what == text::found_piece::kind::placeholder) {
                row.target = names.number_of(part.keys[from], all.placeholder_count, [&](index one) {
                    return all.placeholders[one].name.name == piece.name;
                });
                placeholder& used = all.placeholders[row.target];
                if (row.target == all.placeholder_count) ++all.placeholder_count;
                used.name = {piece.name, part.hashes[from]};
                all.take(piece, used);
            } else {
                text::slice path = piece.reference.path;
                if (part.decoded[from]) {
                    const char* const start = decoded;
                    for (std::size_t within = 0; within < path.size; ++decoded)
                        text::decoded(path.view(), within);
                    path = {start, static_cast<index>(decoded - start)};
                }
                row.target = references.number_of(part.keys[from], all.mention_count, [&](index one) {
                    const mention& other = all.mentions[one];
                    return other.path == path && other.glob == part.globs[from] &&
                           other.task.name == piece.reference.task &&
                           other.workflow.name == piece.reference.workflow;
                });
                if (row.target == all.mention_count)
                    all.take(piece.reference, path, part.globs[from], part.hashes[from],
                             all.mentions[all.mention_count++]);
            }
            if (part.scripts[from]) all.mark_script(piece);
        }
        if (part.error == text::command_error::none) continue;
        all.fail(part.error, part.culprit);
        all.place = part.reader.piece().place;
    }
    if (shell && all.error == text::command_error::none) all.finish(parts[count - 1].rows->reader);
    if (all.error != text::command_error::none)
        all.piece_count = all.mention_count = all.placeholder_count = 0;
    return all;
}

template <std::size_t Part, bool Shell, text::fixed_string... Arguments>
consteval const char* decoded_of_part() {
    if constexpr (part_of<Part, Shell, Arguments...>.escaped != 0)
        return decoded_part<Part, Shell, Arguments...>.characters;
    else
        return nullptr;
}

template <bool Shell, text::fixed_string... Arguments, std::size_t... Parts>
consteval auto join_parts_of(std::index_sequence<Parts...>) {
    constexpr part_rows_of<limits_for<Shell, Arguments...>> parts[] = {
        {&part_of<Parts, Shell, Arguments...>, decoded_of_part<Parts, Shell, Arguments...>()}...};
    constexpr std::size_t found = (part_of<Parts, Shell, Arguments...>.found_count + ...);
    constexpr std::size_t placeholders = (part_of<Parts, Shell, Arguments...>.placeholder_count + ...);
    return join_parts<action_bounds{sizeof...(Arguments), found - placeholders, placeholders}>(
        parts, sizeof...(Parts), Shell);
}

template <bool Shell, text::fixed_string... Arguments>
consteval auto read_long_action() {
    return join_parts_of<Shell, Arguments...>(
        std::make_index_sequence<count_parts<1, Shell, Arguments...>()>());
}

/// The number of characters from which an action is read in parts: 100,000 of Clang's steps.
inline constexpr std::size_t long_action = 2048;

/// An action, read once for all tasks with the same action.
template <class Action>
inline constexpr int action_rows_of{};
template <text::fixed_string Command>
inline constexpr auto action_rows_of<dsl::shell_action<Command>> =
    read_command<bounds_of({Command.characters, sizeof(Command) - 1})>({Command.characters,
                                                                        sizeof(Command) - 1});
template <text::fixed_string Command>
requires(sizeof(Command) <= long_action &&
         may_hold_escapes({Command.characters,
                           sizeof(Command) -
                               1})) inline constexpr auto action_rows_of<dsl::shell_action<Command>> =
    read_action<true, Command>();
template <text::fixed_string Command>
requires(sizeof(Command) > long_action) inline constexpr auto action_rows_of<dsl::shell_action<Command>> =
    read_long_action<true, Command>();
template <text::fixed_string... Arguments>
inline constexpr auto action_rows_of<dsl::program_action<Arguments...>> = read_action<false, Arguments...>();
template <text::fixed_string... Arguments>
requires((sizeof(Arguments) + ...) >
         long_action) inline constexpr auto action_rows_of<dsl::program_action<Arguments...>> =
    read_long_action<false, Arguments...>();

}  // namespace weft::graph
