// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/command.hpp>
#include <weft/text/shell_quote.hpp>

#include <algorithm>

namespace weft::engine {

namespace detail {

/// `word`, quoted to stand between `script` and `after`.
WEFT_INLINE std::string quoted(std::string_view script, std::string_view word, std::string_view after,
                               plan::quoting context) {
    switch (context) {
        case plan::quoting::single_quoted:
            return text::quote_in_single(word);
        case plan::quoting::double_quoted:
            return text::quote_in_double_after(script, word);
        case plan::quoting::operand:
            return text::quote_always(word);
        case plan::quoting::bare:
            break;
    }
    return text::quote_between(script, word, after);
}

/// Separates two words of a piece: inside quotes it closes and reopens them.
WEFT_INLINE std::string_view separator(plan::quoting context) {
    switch (context) {
        case plan::quoting::single_quoted:
            return "' '";
        case plan::quoting::double_quoted:
            return "\" \"";
        case plan::quoting::operand:
        case plan::quoting::bare:
            break;
    }
    return " ";
}

/// The elements of a list; each ends with a zero byte.
WEFT_INLINE std::vector<std::string> elements(std::string_view list) {
    std::vector<std::string> all;
    for (; !list.empty(); list.remove_prefix(all.back().size() + 1))
        all.emplace_back(list.substr(0, list.find('\0')));
    return all;
}

WEFT_INLINE std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (&word == &words.front() ? "" : " ") + word;
    return text;
}

/// Whether `piece` is the only one in its program argument.
WEFT_INLINE bool is_whole_argument(std::span<const plan::piece> pieces, const plan::piece& piece) {
    const auto in_it = [&](const plan::piece& each) { return each.argument == piece.argument; };
    return std::count_if(pieces.begin(), pieces.end(), in_it) == 1;
}

}  // namespace detail

WEFT_INLINE command expand(const plan::view& plan, const plan::task& task,
                           std::span<const std::string> parameters,
                           std::span<const std::vector<std::string>> paths, const functions* calls) {
    const bool shell = task.action == plan::action_kind::shell;
    command result;
    plan::index argument = plan::none;
    const std::span<const plan::piece> pieces = plan::rows(plan.pieces, task.pieces);
    const auto add = [&](std::string_view word, const plan::piece& piece) {
        const bool last = &piece == &pieces.back();
        const plan::piece* const next = last ? &piece : &piece + 1;
        const std::string_view after = next->kind == plan::piece_kind::text ? next->text : std::string_view();
        if (shell)
            result.script += detail::quoted(result.script, word, after, piece.context);
        else
            result.arguments.back() += word;
    };
    const auto add_words = [&](const std::vector<std::string>& words, const plan::piece& piece) {
        bool first = true;
        for (const std::string& word : words) {
            if (!first && shell) result.script += detail::separator(piece.context);
            if (!first && !shell) result.arguments.emplace_back();
            add(word, piece);
            first = false;
        }
    };
    const auto add_value = [&](const std::string& value, bool list, const plan::piece& piece) {
        if (!list)
            add(value, piece);
        else if (shell && piece.context != plan::quoting::bare)
            add(detail::joined(detail::elements(value)), piece);
        else if (shell || !value.empty())
            add_words(detail::elements(value), piece);
        else if (detail::is_whole_argument(pieces, piece))
            result.arguments.pop_back();
    };
    for (const plan::piece& piece : pieces) {
        if (!shell && piece.argument != argument) {
            argument = piece.argument;
            result.arguments.emplace_back();
        }
        if (piece.kind == plan::piece_kind::text) {
            if (shell)
                result.script += piece.text;
            else
                result.arguments.back() += piece.text;
        } else if (piece.kind == plan::piece_kind::parameter) {
            add_value(parameters[piece.target], plan.all_parameters[piece.target].list, piece);
        } else if (piece.kind == plan::piece_kind::value) {
            const shown_text value = calls->text(piece.target);
            add_value(value.text, value.list, piece);
        } else {
            add_words(paths[piece.target - task.references.first], piece);
        }
    }
    return result;
}

}  // namespace weft::engine
