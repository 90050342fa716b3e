// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/character_table.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <string_view>

namespace weft::text {

/// Characters at which a scan of a command has to stop and look: the shell's, `{` of a placeholder, and the
/// colon of a reference.
inline constexpr character_table<bool> is_special = [] {
    character_table<bool> special{};
    for (const char c : std::string_view("\\'\"$`#()<\n{}:"))
        special.of[static_cast<unsigned char>(c)] = true;
    return special;
}();

/// Whether `line` is a here-document's delimiter, as it was written after `<<`: its quotes don't count, nor
/// do the line's leading tabs after `<<-`.
constexpr bool ends_here_document(std::string_view line, std::string_view delimiter, bool tabs) {
    while (tabs && !line.empty() && line[0] == '\t') line.remove_prefix(1);
    std::size_t matched = 0;
    for (const char c : delimiter) {
        if (c == '\'' || c == '"' || c == '\\') continue;
        if (matched == line.size() || line[matched] != c) return false;
        ++matched;
    }
    return matched == line.size();
}

/// Whether a command may begin at `at`: after an operator, a newline, or a word that a command follows.
constexpr bool may_begin_command(std::string_view text, std::size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
    if (at == 0 || contains(";|&()\n{`!", text[at - 1])) return true;
    std::size_t start = at;
    while (start > 0 && !contains(" \t\n;|&()", text[start - 1])) --start;
    const std::string_view word = text.substr(start, at - start);
    for (const std::string_view before : {"then", "do", "else", "if", "elif", "while", "until", "time"})
        if (word == before) return true;
    return false;
}

/// Whether a `case` in `text` has no `esac` yet, so that a `)` ends a pattern and not a substitution.
constexpr bool open_case(std::string_view text) {
    std::size_t open = 0;
    for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
        const bool begins = text.substr(at, 4) == "case";
        if (!begins && text.substr(at, 4) != "esac") continue;
        if (at + 4 < text.size() && !contains(" \t\n;|&()", text[at + 4])) continue;
        if (at > 0 && !contains(" \t\n;|&()`", text[at - 1])) continue;
        if (!may_begin_command(text, at)) continue;
        if (begins)
            ++open;
        else if (open > 0)
            --open;
    }
    return open > 0;
}

}  // namespace weft::text
