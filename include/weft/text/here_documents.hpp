// SPDX-License-Identifier: MIT
#pragma once

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

/// The here-documents of a line, which begin one after the other on the next.
class here_documents {
public:
    constexpr bool announced() const { return count_ != 0; }
    constexpr bool lost() const { return lost_; }

    /// Reads the delimiter at `at`, behind the `<<`, and returns where it ends. `level` says in which
    /// substitution that is.
    constexpr std::uint32_t announce(const char* text, std::uint32_t at, std::uint32_t size,
                                     std::uint32_t level) {
        if (count_ == most) {
            lost_ = true;
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
                lost_ = lost_ || close == nowhere;
                at = close == nowhere ? size - 1 : static_cast<std::uint32_t>(close);
            }
            ++at;
        }
        next.size = at - next.start;
        return at;
    }

    /// At a newline. Those of another substitution begin where only the shell's own parser would tell.
    constexpr void check_level(std::uint32_t level) {
        for (std::uint32_t at = 0; at < count_; ++at) lost_ = lost_ || all_[at].level != level;
    }

    /// Whether the document that is read ends with the line at `at`; `end` is then where that line does.
    constexpr bool ends(const char* text, std::uint32_t at, std::uint32_t size, std::uint32_t& end) const {
        const document& open = all_[current_];
        const bool joined = !open.quoted && at > 1 && text[at - 2] == '\\';
        if (text[at - 1] != '\n' || joined) return false;
        const std::string_view rest(text + at, size - at);
        const std::string_view line = rest.substr(0, find(rest, '\n'));
        end = at + static_cast<std::uint32_t>(line.size());
        return ends_here_document(line, {text + open.start, open.size}, open.tabs);
    }
    /// Goes to the next; false when that was the last.
    constexpr bool next() {
        if (++current_ != count_) return true;
        current_ = count_ = 0;
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
    static constexpr std::uint32_t most = 4;

    std::uint32_t count_ = 0;  // that were announced and have not ended
    std::uint32_t current_ = 0;
    bool lost_ = false;
    document all_[most]{};
};

}  // namespace weft::text
