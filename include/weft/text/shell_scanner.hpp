// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/character_set.hpp>
#include <weft/text/command_words.hpp>
#include <weft/text/here_documents.hpp>
#include <weft/text/path.hpp>
#include <weft/text/search.hpp>
#include <weft/text/shell_place.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

namespace detail {

// The characters at which a scan of a command stops: those special to the shell in that position, the `{` of
// a placeholder, and the colon of a reference.
inline constexpr character_set ends_of_argument("{:");
inline constexpr character_set ends_of_balance("\\'\"$`#()<\n");
inline constexpr character_set ends_of_words(" \t\n;|&<>()\\'\"$`#{:[]");
inline constexpr character_set ends_of_single("'{:");
inline constexpr character_set ends_of_double("\"\\$`{:");
inline constexpr character_set ends_of_ansi("'\\{:");
inline constexpr character_set ends_of_comment("\n");
inline constexpr character_set ends_of_document("\n{:");
inline constexpr character_set ends_of_backquote("`\\{:");
inline constexpr character_set ends_of_braces("\\'\"$`{}[]:");
inline constexpr character_set special_in_braces("\\\"$`}");
inline constexpr character_set ends_of_arithmetic("\\'\"$`(){[]:");

}  // namespace detail

/// What a scan determines: `argument` finds the pieces of a program's argument, `balance` whether a command
/// without pieces is balanced, `places` also the role of each word.
enum class shell_reading : std::uint8_t { argument, balance, places };

/// Walks over a command and determines how each character is quoted and what role its word has. It follows
/// POSIX sh, sections 2.2 "Quoting", 2.6 "Word Expansions", 2.7.4 "Here-Document" and 2.10 "Shell Grammar",
/// and the extensions of bash. Where only running the command would decide, it prefers an error to a guess.
class shell_scanner {
public:
    constexpr shell_scanner(const char* command, std::uint32_t size, shell_reading reading)
        : text_(command),
          size_(size),
          shell_(reading != shell_reading::argument),
          places_(reading == shell_reading::places),
          words_(command) {}

    constexpr std::uint32_t position() const { return at_; }
    /// The end of the last escape, quotation or skipped piece: a part of a word that cannot be split.
    constexpr std::uint32_t word_part_end() const { return word_part_end_; }

    constexpr shell_context context() const {
        if (in_document_) return shell_context::unquotable;
        if (top() == frame::comment) return shell_context::comment;
        if (unquotable_ != 0) return shell_context::unquotable;
        switch (top()) {
            case frame::single:
                return shell_context::single_quoted;
            case frame::twice:
                return shell_context::double_quoted;
            default:
                return shell_context::bare;
        }
    }
    /// How the shell treats a value in place of the text from `start` to `end`. The scanner is at the first
    /// special character of that text.
    constexpr shell_place place(std::uint32_t start, std::uint32_t end) const {
        if (!places_ || (depth_ == 0 && words_.begins_argument(start))) return shell_place::words;
        if (in_arithmetic()) return shell_place::arithmetic;
        return words_.place(start, words_.looks_ahead() ? word_behind(end) : std::string_view());
    }
    /// At the end: whether values in such a position are evaluated because of a variable's attribute.
    constexpr bool evaluates(shell_place place) const { return words_.evaluates(place); }

    /// Skips a part of a word that the shell does not read: a reference or a placeholder.
    constexpr void skip(std::uint32_t count) {
        at_ = at_ + count < size_ ? at_ + count : size_;
        word_part_end_ = at_;
    }

    /// Advances to the next character that is special to the shell here or begins a piece, but not past
    /// `stop`. Most characters cost no more than this. False at the end.
    constexpr bool pass_plain(std::uint32_t stop = ~std::uint32_t{0}) {
        if (in_document_ || at_ >= stop) return at_ < size_;  // a here-document is read by lines
        const std::uint32_t end = stop < size_ ? stop : size_;
        if (!places_ || (depth_ != 0 && !reads_words())) {
            at_ += length_before(special_characters(), text_ + at_, end - at_);
            return at_ < size_;
        }
        for (;;) {  // a blank that ends an ordinary argument, the usual end of a word
            at_ += length_before(detail::ends_of_words, text_ + at_, end - at_);
            if (at_ == end) return at_ < size_;
            if (text_[at_] != ' ') return true;
            if (!words_.pass_argument(at_)) end_word();
            words_.begin_word(++at_);
        }
    }

    /// Advances over one character, or over a few that belong together.
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
            case frame::backquote:  // the first unescaped backquote closes it, whatever it contains
                return c == '\\' ? skip(2) : c == '`' ? close() : pass(1);
            case frame::twice:
                if (c == '"') return close();
                return c == '\\' ? skip(2) : c == '$' || c == '`' ? step_dollar(c) : pass(1);
            case frame::brace:
            case frame::quoted_brace:
            case frame::bracket:
                return step_brace(c);
            case frame::arithmetic:
            case frame::expression:
            case frame::parenthesis:
            case frame::index:
                return step_arithmetic(c);
            default:
                return step_bare(c);
        }
    }

    /// Called at the end of the command; ends its last word.
    constexpr void finish() {
        if (places_) end_word();
    }
    /// After `finish`: the error of a command that leaves something open or is nested too deeply.
    constexpr command_error error() const {
        if (error_ != command_error::none) return error_;
        if (documents_.error() != command_error::none) return documents_.error();
        const bool closed = depth_ == 0 || (depth_ == 1 && top() == frame::comment);
        return closed ? command_error::none : command_error::unbalanced_quotes;
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
        choice,  // from the `in` of a `case` to its `esac`
        backquote,
        arithmetic,
        expression,   // `(( ))`, a command
        parenthesis,  // in arithmetic
        index,        // of an array, in an assignment
        brace,
        quoted_brace,  // a `${x:-...}` between double quotes, in which a single quote quotes in bash only
        bracket,       // bash's old arithmetic, `$[ ]`
    };

    constexpr frame top() const { return depth_ == 0 ? frame::none : frames_[depth_ - 1]; }
    static constexpr bool cannot_quote(frame what) {
        return what == frame::backquote || what == frame::brace || what == frame::quoted_brace ||
               what == frame::ansi || what == frame::bracket;
    }
    constexpr const character_set& special_characters() const;
    /// Whether the innermost open construct contains words of commands.
    constexpr bool reads_words() const {
        const frame what = top();
        return what == frame::substitution || what == frame::group || what == frame::choice;
    }

    constexpr void pass(std::uint32_t count) { at_ = at_ + count < size_ ? at_ + count : size_; }
    constexpr void push(frame what, std::uint32_t length) {
        if (depth_ == deepest) {
            error_ = command_error::nested_too_deep;
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
    /// Closes the innermost construct with one character; the word continues.
    constexpr void close() {
        pop();
        skip(1);
    }
    /// Begins words of another command, or words with `role`.
    constexpr void nest(frame what, std::uint32_t length, word_role role, bool in_word) {
        push(what, length);
        if (!places_) return;
        words_.open(role, in_word);
        words_.begin_word(at_);
    }
    constexpr void substitute(std::uint32_t length) {
        nest(frame::substitution, length, word_role::command, true);
        ++level_;
    }

    constexpr char next(std::uint32_t by) const { return at_ + by < size_ ? text_[at_ + by] : '\0'; }
    /// Whether a word begins here, so that `#` and `((` are special.
    constexpr bool at_word_start() const {
        return at_ == 0 || at_ == continued_word_start_ ||
               (at_ != word_part_end_ && contains(" \t\n;|&<>()`", text_[at_ - 1]));
    }
    /// Quotes in an expression stay part of it; a substitution does not.
    constexpr bool in_arithmetic() const {
        std::uint32_t depth = depth_;
        while (depth > 0 && (frames_[depth - 1] == frame::single || frames_[depth - 1] == frame::twice))
            --depth;
        if (depth == 0) return false;
        const frame what = frames_[depth - 1];
        return what >= frame::arithmetic && what <= frame::index;
    }

    constexpr void step_dollar(char c);
    constexpr void step_quote(char c);
    constexpr void step_brace(char c);
    constexpr void step_disputed_quote();
    constexpr bool trims() const;
    constexpr void step_arithmetic(char c);
    constexpr void step_bare(char c);
    constexpr bool stays_in_condition();
    constexpr void step_operator(char c);
    constexpr void step_newline();
    constexpr void step_redirection(char c);
    constexpr void step_open();
    constexpr void step_close();
    constexpr void step_document(char c);
    constexpr void end_word();
    constexpr bool closes_twice(std::uint32_t length) const;
    constexpr bool may_hold_choice(std::uint32_t start) const;
    constexpr void read_again();
    constexpr std::string_view word_behind(std::uint32_t end) const;

    static constexpr std::uint32_t deepest = command_words::deepest;

    const char* text_;
    std::uint32_t size_;
    std::uint32_t at_ = 0;
    std::uint32_t word_part_end_ = 0;
    std::uint32_t continued_word_start_ = 0;
    std::uint32_t depth_ = 0;
    std::uint32_t unquotable_ = 0;
    std::uint32_t level_ = 0;  // number of open substitutions
    bool shell_;
    bool places_;
    bool in_document_ = false;
    bool looking_ahead_ = false;
    command_error error_ = command_error::none;
    frame frames_[deepest]{};
    std::uint32_t starts_[deepest]{};
    here_documents documents_{};
    command_words words_;
};

}  // namespace weft::text

#include <weft/text/shell_lookahead.hpp>
#include <weft/text/shell_operators.hpp>
#include <weft/text/shell_steps.hpp>
