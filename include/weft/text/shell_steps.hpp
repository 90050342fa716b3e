// SPDX-License-Identifier: MIT
// How a shell_scanner advances over each character, by the innermost open construct.
#pragma once

#include <weft/text/shell_scanner.hpp>

namespace weft::text {

constexpr const character_set& shell_scanner::special_characters() const {
    using namespace detail;
    if (depth_ != 0) switch (top()) {
            case frame::single:
                return ends_of_single;
            case frame::ansi:
                return ends_of_ansi;
            case frame::twice:
                return ends_of_double;
            case frame::comment:
                return ends_of_comment;
            case frame::backquote:
                return ends_of_backquote;
            case frame::brace:
            case frame::quoted_brace:
            case frame::bracket:
                return ends_of_braces;
            case frame::arithmetic:
            case frame::expression:
            case frame::parenthesis:
            case frame::index:
                return ends_of_arithmetic;
            default:
                break;
        }
    return shell_ ? ends_of_balance : ends_of_argument;
}

/// `$` or a backquote, bare or in double quotes.
constexpr void shell_scanner::step_dollar(char c) {
    if (c == '`') return push(frame::backquote, 1);
    const bool quoted = top() == frame::twice || top() == frame::quoted_brace;
    switch (next(1)) {
        case '$':
            return skip(2);
        case '(':
            return next(2) == '(' && closes_twice(3) ? push(frame::arithmetic, 3) : substitute(2);
        case '{':
            return push(quoted && !trims() ? frame::quoted_brace : frame::brace, 2);
        case '[':
            return push(frame::bracket, 2);
        case '\'':
            return quoted ? pass(1) : push(frame::ansi, 2);
        default:
            return pass(1);
    }
}

/// One of `\`, the quotes, `$` and a backquote, with their usual meaning.
constexpr void shell_scanner::step_quote(char c) {
    switch (c) {
        case '\\':
            return skip(2);
        case '\'':
            return push(frame::single, 1);
        case '"':
            return push(frame::twice, 1);
        default:
            return step_dollar(c);
    }
}

constexpr void shell_scanner::step_brace(char c) {
    switch (c) {
        case '\'':
            return top() == frame::quoted_brace ? step_disputed_quote() : step_quote(c);
        case '\\':
        case '"':
        case '$':
        case '`':
            return step_quote(c);
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

constexpr void shell_scanner::step_arithmetic(char c) {
    switch (c) {
        case '\\':
        case '\'':
        case '"':
        case '$':
        case '`':
            return step_quote(c);
        case '(':
            return push(frame::parenthesis, 1);
        case ')':
            if (top() == frame::parenthesis) {
                pop();
                return pass(1);
            }
            if (top() == frame::index || next(1) != ')') return pass(1);
            if (top() == frame::arithmetic) {
                pop();
                return skip(2);
            }
            pop();
            pass(2);
            return words_.begin_word(at_);
        case '[':
            return top() == frame::index ? push(frame::index, 1) : pass(1);
        case ']':
            if (top() != frame::index) return pass(1);
            pop();
            if (places_ && top() != frame::index) words_.close_bracket(at_);
            return pass(1);
        default:
            return pass(1);
    }
}

constexpr void shell_scanner::step_bare(char c) {
    switch (c) {
        case ' ':
        case '\t':
            if (places_) end_word();
            pass(1);
            return words_.begin_word(at_);
        case ';':
        case '|':
        case '&':
            return step_operator(c);
        case '\n':
            return step_newline();
        case '<':
        case '>':
            return step_redirection(c);
        case '\\':
            if (next(1) != '\n') {
                // Bash up to 5.2 reads it as a quote, escaped or not.
                if (places_ && level_ != 0 && words_.role() == word_role::element &&
                    contains("'\"`()", next(1)))
                    error_ = command_error::read_differently;
                return skip(2);
            }
            // Joined lines: a word begins on the next line if one begins here.
            if (at_word_start())
                continued_word_start_ = at_ + 2;
            else
                word_part_end_ = at_ + 2;
            if (places_ && at_ == words_.word_start()) words_.begin_word(at_ + 2);
            return pass(2);
        case '\'':
        case '"':
        case '$':
        case '`':
            return step_quote(c);
        case '#':
            return at_word_start() ? push(frame::comment, 1) : pass(1);
        case '(':
            return step_open();
        case ')':
            return step_close();
        case '[':
            if (!places_) return pass(1);
            if (words_.begins_index(at_)) return push(frame::index, 1);
            words_.open_bracket(at_);
            return pass(1);
        case ']':
            if (places_) words_.close_bracket(at_);
            return pass(1);
        default:
            return pass(1);
    }
}

constexpr void shell_scanner::end_word() {
    switch (words_.end_word(at_)) {
        case word_effect::none:
            return;
        case word_effect::begins_choice:
            return push(frame::choice, 0);
        case word_effect::ends_choice:
            if (top() == frame::choice) pop();
    }
}

constexpr void shell_scanner::step_document(char c) {
    std::uint32_t end = 0;
    if (documents_.ends(text_, at_, size_, end)) {
        at_ = end;
        in_document_ = documents_.next();
        if (in_document_) pass(1);
        words_.begin_word(at_);
        return;
    }
    // A piece in the document is found at its position; other characters are skipped at once.
    pass(1);
    if (c != '\n') at_ += length_before(detail::ends_of_document, text_ + at_, size_ - at_);
}

}  // namespace weft::text
