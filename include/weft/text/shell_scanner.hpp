// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/shell_words.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// Where in a shell command a character stands, as far as quoting is concerned. What stands in `unquotable`
/// (a here-document, backquotes, `${ }`, `$'...'`) is read twice or by other rules, so that no quoting is
/// safe there; in `arithmetic` only a number is.
enum class shell_context : std::uint8_t {
    bare,
    single_quoted,
    double_quoted,
    comment,
    arithmetic,
    unquotable
};

/// Walks over a command and knows how each character is quoted. It follows POSIX sh, sections 2.2 "Quoting",
/// 2.6 "Word Expansions" and 2.7.4 "Here-Document", and bash's `$'...'`. Where a shell's own reading would
/// need its whole grammar, it prefers an error to a guess.
class shell_scanner {
public:
    /// Without `shell` every character is bare, as in the arguments of a program.
    constexpr shell_scanner(const char* command, std::uint32_t size, bool shell)
        : text_(command), size_(size), shell_(shell) {}

    constexpr std::uint32_t position() const { return at_; }
    /// Up to here characters belong together with what is before them: an escape, a quote, a skipped piece.
    constexpr std::uint32_t word_part_end() const { return word_part_end_; }

    constexpr shell_context context() const {
        if (in_document_ || unquotable_ != 0) return shell_context::unquotable;
        if (top() == frame::comment) return shell_context::comment;
        if (in_arithmetic()) return shell_context::arithmetic;
        return top() == frame::single  ? shell_context::single_quoted
               : top() == frame::twice ? shell_context::double_quoted
                                       : shell_context::bare;
    }

    /// Goes over a word's part that is not the shell's to read: a reference, a placeholder.
    constexpr void skip(std::uint32_t count) {
        at_ = at_ + count < size_ ? at_ + count : size_;
        word_part_end_ = at_;
    }

    /// Goes to the next character that means something to a shell or begins a piece: most characters of most
    /// commands don't, and this is all that they cost. False at the end.
    constexpr bool pass_plain() {
        if (in_document_) return at_ < size_;  // that is read by lines
        at_ += length_before(special_characters, text_ + at_, size_ - at_);
        return at_ < size_;
    }

    /// Goes over one character, or over the few that belong together.
    constexpr void step() {
        const char c = text_[at_];
        if (!shell_) return pass(1);
        if (in_document_) return step_document(c);
        switch (top()) {
            case frame::single:
                return c == '\'' ? close() : pass(1);
            case frame::comment:
                if (c != '\n') return pass(1);
                pop();
                return step_bare(c);
            case frame::ansi:
                return c == '\\' ? skip(2) : c == '\'' ? close() : pass(1);
            case frame::twice:
                if (c == '"') return close();
                return c == '\\' ? skip(2) : c == '$' || c == '`' ? step_dollar(c) : pass(1);
            case frame::brace:
            case frame::quoted_brace:
            case frame::bracket:
                return step_brace(c);
            default:
                return step_bare(c);
        }
    }

    /// At the end: everything that was opened has been closed, and nothing was deeper than this can follow.
    constexpr bool balanced() const {
        return !lost_ && (depth_ == 0 || (depth_ == 1 && top() == frame::comment));
    }

private:
    enum class frame : std::uint8_t {
        none,
        single,
        ansi,
        twice,
        comment,
        substitution,
        group,
        backquote,
        arithmetic,
        brace,
        quoted_brace,  // a `${ }` between double quotes, where a single quote is but a character
        bracket,       // bash's old arithmetic, `$[ ]`
    };
    struct here_document {
        std::uint32_t start;
        std::uint32_t size;
        bool tabs;    // `<<-`
        bool quoted;  // nothing in it is expanded
        std::uint32_t depth;
    };

    constexpr frame top() const { return depth_ == 0 ? frame::none : frames_[depth_ - 1]; }
    static constexpr bool cannot_quote(frame what) {
        return what == frame::backquote || what == frame::brace || what == frame::quoted_brace ||
               what == frame::ansi || what == frame::bracket;
    }
    constexpr void pass(std::uint32_t count) { at_ = at_ + count < size_ ? at_ + count : size_; }
    constexpr void push(frame what, std::uint32_t length) {
        if (depth_ == deepest) {
            lost_ = true;
        } else {
            frames_[depth_] = what;
            starts_[depth_++] = at_ + length;
            if (cannot_quote(what)) ++unquotable_;
        }
        pass(length);
    }
    constexpr void pop() {
        if (cannot_quote(top())) --unquotable_;
        --depth_;
    }
    /// Ends what `top` is by one character, after which the word goes on.
    constexpr void close() {
        pop();
        skip(1);
    }
    constexpr bool follows(std::string_view expected) const {
        return std::string_view(text_ + at_, size_ - at_).starts_with(expected);
    }
    /// Whether a word begins here, so that `#` and `((` mean what they mean there.
    constexpr bool at_word_start() const {
        return at_ == 0 || at_ == continued_word_start_ ||
               (at_ != word_part_end_ && contains(" \t\n;|&<>()`", text_[at_ - 1]));
    }
    /// Quotes and parentheses in an expression do not lead out of it; a substitution does.
    constexpr bool in_arithmetic() const {
        std::uint32_t depth = depth_;
        while (depth > 0 && (frames_[depth - 1] == frame::group || frames_[depth - 1] == frame::single ||
                             frames_[depth - 1] == frame::twice))
            --depth;
        return depth > 0 && frames_[depth - 1] == frame::arithmetic;
    }

    /// `$` or a backquote, bare or in double quotes.
    constexpr void step_dollar(char c) {
        if (c == '`') return top() == frame::backquote ? close() : push(frame::backquote, 1);
        if (follows("$$")) return skip(2);
        if (follows("$((")) return push(frame::arithmetic, 3);
        if (follows("$(")) return push(frame::substitution, 2);
        const bool quoted = top() == frame::twice || top() == frame::quoted_brace;
        if (follows("${")) return push(quoted ? frame::quoted_brace : frame::brace, 2);
        if (follows("$[")) return push(frame::bracket, 2);
        if (follows("$'") && !quoted) return push(frame::ansi, 2);
        pass(1);
    }

    constexpr void step_brace(char c) {
        switch (c) {
            case '\\':
                return skip(2);
            case '\'':
                return top() == frame::quoted_brace ? pass(1) : push(frame::single, 1);
            case '"':
                return push(frame::twice, 1);
            case '$':
            case '`':
                return step_dollar(c);
            case '}':
                return top() == frame::bracket ? pass(1) : close();
            case '[':
                return top() == frame::bracket ? push(frame::bracket, 1) : pass(1);
            case ']':
                return top() == frame::bracket ? close() : pass(1);
            default:
                return pass(1);
        }
    }

    constexpr void step_bare(char c) {
        switch (c) {
            case '\\':
                if (!follows("\\\n")) return skip(2);
                // Lines that are joined: the next begins a word if this place does.
                if (at_word_start())
                    continued_word_start_ = at_ + 2;
                else
                    word_part_end_ = at_ + 2;
                return pass(2);
            case '\'':
                return push(frame::single, 1);
            case '"':
                return push(frame::twice, 1);
            case '$':
            case '`':
                return step_dollar(c);
            case '#':
                return at_word_start() && !in_arithmetic() ? push(frame::comment, 1) : pass(1);
            case '(':
                if (follows("((") && at_word_start()) return push(frame::arithmetic, 2);
                return push(frame::group, 1);
            case ')':
                return step_close();
            case '<':
                if (follows("<<<")) return pass(3);
                return follows("<<") && !in_arithmetic() ? read_delimiter() : pass(1);
            case '\n':
                in_document_ = documents_ != 0;
                // Which newline begins it is then a matter of the shell's whole grammar.
                if (in_document_ && document_[0].depth != depth_) lost_ = true;
                return pass(1);
            default:
                return pass(1);
        }
    }

    constexpr void step_close() {
        const frame what = top();
        if (what == frame::arithmetic) {
            if (!follows("))")) return pass(1);
            pop();
            return skip(2);
        }
        if (what != frame::substitution && what != frame::group) return pass(1);  // a pattern of `case`
        const std::uint32_t start = starts_[depth_ - 1];
        if (open_case(start)) return pass(1);
        pop();
        if (what == frame::substitution) return skip(1);  // the word goes on
        pass(1);
    }

    /// Whether a `case` that began at `start` or after has no `esac` yet, so that a `)` ends a pattern and
    /// not a substitution. Words that are quoted or in a comment are none of the shell's.
    constexpr bool open_case(std::uint32_t start) const {
        if (find(std::string_view{text_ + start, at_ - start}, "case") == nowhere) return false;
        std::size_t open = 0;
        for (shell_scanner inner(text_ + start, at_ - start, true); inner.at_ < inner.size_; inner.step()) {
            if (inner.depth_ != 0 || inner.in_document_) continue;
            const case_word word = case_word_at({inner.text_, inner.size_}, inner.at_);
            if (word == case_word::begins) ++open;
            if (word == case_word::ends && open > 0) --open;
        }
        return open > 0;
    }

    /// `<<word` or `<<-word`: where the document ends that begins on the next line.
    constexpr void read_delimiter() {
        pass(2);
        if (documents_ == most_documents) {
            lost_ = true;
            return;
        }
        here_document& next = document_[documents_++];
        next.depth = depth_;
        next.tabs = follows("-");
        if (next.tabs) pass(1);
        while (at_ < size_ && (text_[at_] == ' ' || text_[at_] == '\t')) pass(1);
        next.start = at_;
        while (at_ < size_ && !contains(" \t\n;|&<>()", text_[at_])) {
            const char c = text_[at_];
            next.quoted = next.quoted || c == '\'' || c == '"' || c == '\\';
            const std::size_t close =
                c == '\'' || c == '"' ? find(std::string_view(text_, size_), c, at_ + 1) : nowhere;
            if ((c == '\'' || c == '"') && close == nowhere) lost_ = true;
            skip(close == nowhere ? 1 : static_cast<std::uint32_t>(close) + 1 - at_);
        }
        next.size = at_ - next.start;
    }

    constexpr void step_document(char c) {
        const here_document& open = document_[current_];
        const bool joined = !open.quoted && at_ > 1 && text_[at_ - 2] == '\\';
        if (text_[at_ - 1] == '\n' && !joined) {
            const std::string_view rest(text_ + at_, size_ - at_);
            const std::size_t end = find(rest, '\n');
            const std::string_view line = rest.substr(0, end);
            if (ends_here_document(line, {text_ + open.start, open.size}, open.tabs)) {
                at_ += static_cast<std::uint32_t>(line.size());
                if (++current_ == documents_) {
                    current_ = documents_ = 0;
                    in_document_ = false;
                } else {
                    pass(1);
                }
                return;
            }
        }
        // A piece in the document is found where it stands; what does not begin one is passed at once.
        pass(1);
        if (c != '\n')
            while (at_ < size_ && !contains("\n{:", text_[at_])) ++at_;
    }

    static constexpr std::uint32_t deepest = 32;
    static constexpr std::uint32_t most_documents = 4;

    const char* text_;
    std::uint32_t size_;
    std::uint32_t at_ = 0;
    std::uint32_t word_part_end_ = 0;
    std::uint32_t continued_word_start_ = 0;
    std::uint32_t depth_ = 0;
    std::uint32_t unquotable_ = 0;
    std::uint32_t documents_ = 0;  // that were announced and have not ended
    std::uint32_t current_ = 0;
    bool shell_;
    bool in_document_ = false;
    bool lost_ = false;
    frame frames_[deepest]{};
    std::uint32_t starts_[deepest]{};
    here_document document_[most_documents]{};
};

}  // namespace weft::text
