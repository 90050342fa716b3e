// SPDX-License-Identifier: MIT
// Commands with values in their placeholders, as a real shell gets them.
#pragma once

#include <weft/plan/rows.hpp>
#include <weft/text/command.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::engine::detail {
// The engine's own function, from engine/command.ipp.
std::string quoted(std::string_view script, std::string_view word, std::string_view after,
                   plan::quoting context);
}  // namespace weft::engine::detail

namespace support {

inline weft::plan::quoting quoting_of(const weft::text::found_piece& piece) {
    switch (piece.context) {
        case weft::text::shell_context::single_quoted:
            return weft::plan::quoting::single_quoted;
        case weft::text::shell_context::double_quoted:
            return weft::plan::quoting::double_quoted;
        default:
            return piece.place == weft::text::shell_place::operand ? weft::plan::quoting::operand
                                                                   : weft::plan::quoting::bare;
    }
}

/// The command with `word` in its placeholders, quoted by the engine; none when it does not compile with a
/// text there, or has no placeholder.
inline std::optional<std::string> with_word(std::string_view command, std::string_view word) {
    namespace text = weft::text;
    struct part {
        std::string_view before;
        text::found_piece piece;
    };
    std::vector<part> parts;
    text::command_reader reader(command, true);
    while (reader.next()) parts.push_back({reader.text().view(), reader.piece()});
    if (reader.error() != text::command_error::none) return {};
    std::string script;
    bool placed = false;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        script += parts[at].before;
        const text::found_piece& piece = parts[at].piece;
        if (piece.what == text::found_piece::kind::text) continue;
        placed = true;
        if (text::is_evaluated(piece.place) || reader.evaluates(piece.place)) return {};
        const std::string_view after = at + 1 < parts.size() ? parts[at + 1].before : std::string_view();
        script += weft::engine::detail::quoted(script, word, after, quoting_of(piece));
    }
    if (!placed) return {};
    return script;
}

/// `text` with every occurrence of `from` replaced.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace support
