// SPDX-License-Identifier: MIT
#pragma once

#include <weft/run/command.hpp>
#include <weft/text/shell_quote.hpp>

namespace weft::engine {

namespace detail {

WEFT_INLINE std::string quoted(std::string_view word, plan::quoting context) {
    switch (context) {
        case plan::quoting::single_quoted:
            return text::quote_in_single(word);
        case plan::quoting::double_quoted:
            return text::quote_in_double(word);
        case plan::quoting::bare:
            break;
    }
    return text::quote(word);
}

/// What separates two words of a piece: inside quotes they are closed and opened again.
WEFT_INLINE std::string_view separator(plan::quoting context) {
    switch (context) {
        case plan::quoting::single_quoted:
            return "' '";
        case plan::quoting::double_quoted:
            return "\" \"";
        case plan::quoting::bare:
            break;
    }
    return " ";
}

}  // namespace detail

WEFT_INLINE command expand(const plan::view& plan, const plan::task& task,
                           std::span<const std::string> parameters,
                           std::span<const std::vector<std::string>> paths) {
    const bool shell = task.action == plan::action_kind::shell;
    command result;
    plan::index argument = plan::none;
    const auto add = [&](std::string_view word, const plan::piece& piece) {
        if (shell)
            result.script += detail::quoted(word, piece.context);
        else
            result.arguments.back() += word;
    };
    for (const plan::piece& piece : plan::rows(plan.pieces, task.pieces)) {
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
            add(parameters[piece.target], piece);
        } else {
            bool first = true;
            for (const std::string& path : paths[piece.target - task.references.first]) {
                if (!first && shell) result.script += detail::separator(piece.context);
                if (!first && !shell) result.arguments.emplace_back();
                add(path, piece);
                first = false;
            }
        }
    }
    return result;
}

}  // namespace weft::engine
