// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/character_set.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <string_view>

namespace weft::text {

/// Characters at which a scan of a command has to stop and look: the shell's, `{` of a placeholder, and the
/// colon of a reference.
inline constexpr character_set special_characters("\\'\"$`#()<\n{}[]:");

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

/// Whether `case` or `esac` stands at `at` where a command may begin.
enum class case_word : unsigned char { none, begins, ends };
constexpr case_word case_word_at(std::string_view text, std::size_t at) {
    const std::string_view word = text.substr(at, 4);
    if (word != "case" && word != "esac") return case_word::none;
    if (at + 4 < text.size() && !contains(" \t\n;|&()", text[at + 4])) return case_word::none;
    if (at > 0 && !contains(" \t\n;|&()`", text[at - 1])) return case_word::none;
    if (!may_begin_command(text, at)) return case_word::none;
    return word == "case" ? case_word::begins : case_word::ends;
}

}  // namespace weft::text
