// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/search.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// Where in a shell command a character stands, as far as quoting is concerned.
enum class shell_context : std::uint8_t { bare, single_quoted, double_quoted, comment, here_document };

/// Walks over a command and knows how each character is quoted: '...', "...", backslashes, $( ) and ` ` (each
/// a quoting of its own, also inside double quotes), $(( )), comments and here-documents. It follows POSIX
/// sh, sections 2.2 "Quoting", 2.6.3 "Command Substitution" and 2.7.4 "Here-Document".
class shell_scanner {
public:
    /// Without `shell` every character is bare, as in the arguments of a program.
    constexpr shell_scanner(std::string_view command, bool shell) : text_(command), shell_(shell) {}

    constexpr bool at_end() const { return at_ >= text_.size(); }
    constexpr std::size_t position() const { return at_; }

    constexpr shell_context context() const {
        if (in_document_) return shell_context::here_document;
        switch (top()) {
            case frame::single:
                return shell_context::single_quoted;
            case frame::twice:
                return shell_context::double_quoted;
            case frame::comment:
                return shell_context::comment;
            default:
                return shell_context::bare;
        }
    }

    /// Goes over a word's part that is not the shell's to read: a reference, a placeholder.
    constexpr void skip(std::size_t count) {
        at_ = at_ + count < text_.size() ? at_ + count : text_.size();
        word_start_ = false;
    }

    /// Goes over one character, or over the two that belong together.
    constexpr void step() {
        if (!shell_) return skip(1);
        if (in_document_) return step_document();
        const char c = text_[at_];
        switch (top()) {
            case frame::single:
                if (c == '\'') pop();
                return skip(1);
            case frame::comment:
                if (c != '\n') return skip(1);
                pop();
                return step_bare(c);
            case frame::twice:
                if (c == '\\') return skip(2);
                if (c == '"') pop();
                if (c == '$' || c == '`') return step_dollar(c);
                return skip(1);
            default:
                return step_bare(c);
        }
    }

    /// At the end: everything that was opened has been closed.
    constexpr bool balanced() const { return depth_ == 0 || (depth_ == 1 && top() == frame::comment); }

private:
    enum class frame : std::uint8_t {
        none,
        single,
        twice,
        comment,
        substitution,
        group,
        backquote,
        arithmetic
    };

    constexpr frame top() const { return depth_ == 0 ? frame::none : frames_[depth_ - 1]; }
    constexpr void push(frame what) {
        if (depth_ < deepest) frames_[depth_++] = what;
    }
    constexpr void pop() { --depth_; }
    constexpr bool follows(std::string_view expected) const {
        return text_.substr(at_).starts_with(expected);
    }

    /// `$` or a backquote, bare or in double quotes.
    constexpr void step_dollar(char c) {
        if (c == '`') {
            if (top() == frame::backquote)
                pop();
            else
                push(frame::backquote);
            return begin_command(1);
        }
        if (follows("$((")) return push(frame::arithmetic), skip(3);
        if (follows("$(")) return push(frame::substitution), begin_command(2);
        skip(1);
    }

    constexpr void begin_command(std::size_t length) {
        skip(length);
        word_start_ = true;
    }

    constexpr void step_bare(char c) {
        const bool word_start = word_start_;
        switch (c) {
            case '\\':
                return skip(2);
            case '\'':
                return push(frame::single), skip(1);
            case '"':
                return push(frame::twice), skip(1);
            case '$':
            case '`':
                return step_dollar(c);
            case '#':
                if (word_start && top() != frame::arithmetic) push(frame::comment);
                return skip(1);
            case '(':
                push(follows("((") && word_start ? frame::arithmetic : frame::group);
                return top() == frame::arithmetic ? skip(2) : begin_command(1);
            case ')':
                return step_close();
            case '<':
                if (follows("<<<")) return skip(3);
                if (follows("<<") && top() != frame::arithmetic) return read_delimiter();
                return begin_command(1);
            case '\n':
                begin_command(1);
                in_document_ = delimiter_size_ != 0;
                return;
            default:
                break;
        }
        skip(1);
        word_start_ = c == ' ' || c == '\t' || c == ';' || c == '&' || c == '|' || c == '>';
    }

    constexpr void step_close() {
        if (top() == frame::arithmetic) {
            if (!follows("))")) return skip(1);
            pop();
            return skip(2);
        }
        // A `)` that nothing opened ends a pattern of `case`.
        if (top() == frame::substitution || top() == frame::group) pop();
        begin_command(1);
    }

    /// `<<word` or `<<-word`: where the document ends. Several on one line count as their last.
    constexpr void read_delimiter() {
        skip(2);
        if (follows("-")) skip(1);
        while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) skip(1);
        const std::size_t start = at_;
        while (!at_end() && !contains(" \t\n;|&<>()", text_[at_])) {
            const char c = text_[at_];
            const bool quote = c == '\'' || c == '"';
            const std::size_t close = quote ? find(text_, c, at_ + 1) : nowhere;
            skip(close == nowhere ? 1 : close + 1 - at_);
        }
        delimiter_start_ = start;
        delimiter_size_ = at_ - start;
    }

    /// Whether `line` is the delimiter, its own quotes and the line's leading tabs aside.
    constexpr bool ends_document(std::string_view line) const {
        while (!line.empty() && line[0] == '\t') line.remove_prefix(1);
        std::size_t matched = 0;
        for (const char c : text_.substr(delimiter_start_, delimiter_size_)) {
            if (c == '\'' || c == '"' || c == '\\') continue;
            if (matched == line.size() || line[matched] != c) return false;
            ++matched;
        }
        return matched == line.size();
    }

    constexpr void step_document() {
        const bool line_start = text_[at_ - 1] == '\n';
        const std::size_t line_end =
            find(text_, '\n', at_) == nowhere ? text_.size() : find(text_, '\n', at_);
        if (line_start && ends_document(text_.substr(at_, line_end - at_))) {
            at_ = line_end;
            in_document_ = false;
            delimiter_size_ = 0;
            return;
        }
        skip(1);
    }

    static constexpr std::size_t deepest = 64;

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t delimiter_start_ = 0;
    std::size_t delimiter_size_ = 0;
    std::size_t depth_ = 0;
    frame frames_[deepest]{};
    bool shell_;
    bool in_document_ = false;
    bool word_start_ = true;
};

}  // namespace weft::text
