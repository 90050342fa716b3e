// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/path.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// Whether `line` is the delimiter of a here-document, written as `delimiter` after `<<`. Quotes of the
/// delimiter do not count; after `<<-` neither do leading tabs of the line.
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

/// The here-documents of a line, which begin one after the other on the next line. Those announced outside a
/// substitution wait until it is closed.
class here_documents {
public:
    /// Whether a here-document begins at a newline in the substitution `level`.
    constexpr bool announced(std::uint32_t level) const {
        return count_ != 0 && all_[count_ - 1].level == level;
    }
    constexpr command_error error() const { return error_; }

    /// Reads the delimiter at `at`, after the `<<` in the substitution `level`, and returns its end.
    constexpr std::uint32_t announce(const char* text, std::uint32_t at, std::uint32_t size,
                                     std::uint32_t level) {
        if (count_ == most) {
            error_ = command_error::nested_too_deep;
            return at;
        }
        document& next = all_[count_++];
        next = {0, 0, at < size && text[at] == '-', false, level};
        if (next.tabs) ++at;
        while (at < size && (text[at] == ' ' || text[at] == '\t')) ++at;
        next.start = at;
        while (at < size && !contains(" \t\n;|&<>()", text[at])) {
            const char c = text[at];
            next.quoted = next.quoted || c == '\'' || c == '"' || c == '\\';
            if (c == '\'' || c == '"') {
                const std::size_t close = find(std::string_view(text, size), c, at + 1);
                if (close == nowhere) error_ = command_error::unbalanced_quotes;
                at = close == nowhere ? size - 1 : static_cast<std::uint32_t>(close);
            }
            ++at;
        }
        next.size = at - next.start;
        return at;
    }

    /// Called at such a newline.
    constexpr void begin() {
        first_ = count_ - 1;
        while (first_ > 0 && all_[first_ - 1].level == all_[first_].level) --first_;
        current_ = first_;
    }
    /// Called at the end of the substitution `level`. Shells disagree where the text of a here-document
    /// begins that was announced in it and has not begun.
    constexpr void end_level(std::uint32_t level) {
        if (announced(level)) error_ = command_error::read_differently;
    }

    /// Whether the current document ends with the line at `at`; sets `end` to the end of that line.
    constexpr bool ends(const char* text, std::uint32_t at, std::uint32_t size, std::uint32_t& end) const {
        const document& open = all_[current_];
        if (text[at - 1] != '\n' || (!open.quoted && joins_lines(text, at - 1))) return false;
        const std::string_view rest(text + at, size - at);
        const std::string_view line = rest.substr(0, find(rest, '\n'));
        end = at + static_cast<std::uint32_t>(line.size());
        return ends_here_document(line, {text + open.start, open.size}, open.tabs);
    }
    /// Advances to the next document; false after the last.
    constexpr bool next() {
        if (++current_ != count_) return true;
        count_ = first_;
        return false;
    }

private:
    struct document {
        std::uint32_t start;
        std::uint32_t size;
        bool tabs;    // `<<-`
        bool quoted;  // nothing in it is expanded
        std::uint32_t level;
    };
    static constexpr std::uint32_t most = 16;

    /// Whether a backslash that is not itself escaped escapes the newline at `at`.
    static constexpr bool joins_lines(const char* text, std::uint32_t at) {
        bool joins = false;
        for (; at > 0 && text[at - 1] == '\\'; --at) joins = !joins;
        return joins;
    }

    std::uint32_t count_ = 0;  // announced and not ended
    std::uint32_t first_ = 0;  // the first of those that are read
    std::uint32_t current_ = 0;
    command_error error_ = command_error::none;
    document all_[most]{};
};

}  // namespace weft::text
