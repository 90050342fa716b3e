// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/path.hpp>
#include <weft/text/search.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

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

/// The here-documents of a line, which begin one after the other on the next. Those that were announced
/// around a substitution wait until it is closed.
class here_documents {
public:
    /// Whether some begin at a newline in the substitution `level`.
    constexpr bool announced(std::uint32_t level) const {
        return count_ != 0 && all_[count_ - 1].level == level;
    }
    constexpr command_error error() const { return error_; }

    /// Reads the delimiter at `at`, behind the `<<`, and returns where it ends. `level` says in which
    /// substitution that is.
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

    /// At such a newline.
    constexpr void begin() {
        first_ = count_ - 1;
        while (first_ > 0 && all_[first_ - 1].level == all_[first_].level) --first_;
        current_ = first_;
    }
    /// At the end of the substitution `level`. Where the text of one begins that has not yet, shells
    /// disagree.
    constexpr void end_level(std::uint32_t level) {
        if (announced(level)) error_ = command_error::read_differently;
    }

    /// Whether the document that is read ends with the line at `at`; `end` is then where that line does.
    constexpr bool ends(const char* text, std::uint32_t at, std::uint32_t size, std::uint32_t& end) const {
        const document& open = all_[current_];
        if (text[at - 1] != '\n' || (!open.quoted && joins_lines(text, at - 1))) return false;
        const std::string_view rest(text + at, size - at);
        const std::string_view line = rest.substr(0, find(rest, '\n'));
        end = at + static_cast<std::uint32_t>(line.size());
        return ends_here_document(line, {text + open.start, open.size}, open.tabs);
    }
    /// Goes to the next; false when that was the last.
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

    /// Whether the newline at `at` is escaped; backslashes escape each other.
    static constexpr bool joins_lines(const char* text, std::uint32_t at) {
        bool joins = false;
        for (; at > 0 && text[at - 1] == '\\'; --at) joins = !joins;
        return joins;
    }

    std::uint32_t count_ = 0;  // that were announced and have not ended
    std::uint32_t first_ = 0;  // of those that are read
    std::uint32_t current_ = 0;
    command_error error_ = command_error::none;
    document all_[most]{};
};

}  // namespace weft::text
