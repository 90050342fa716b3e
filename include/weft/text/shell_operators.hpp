// SPDX-License-Identifier: MIT
// How a shell_scanner advances over operators, redirections and parentheses between words.
#pragma once

#include <weft/text/shell_scanner.hpp>

namespace weft::text {

/// At an operator: whether `[[` is still open. A `]]` may directly precede the operator.
constexpr bool shell_scanner::stays_in_condition() {
    if (words_.role() == word_role::condition && at_ - words_.word_start() == 2 && text_[at_ - 1] == ']' &&
        text_[at_ - 2] == ']') {
        end_word();
        words_.begin_word(at_);
    }
    return words_.role() == word_role::condition;
}

constexpr void shell_scanner::step_operator(char c) {
    if (!places_) return pass(1);
    if (c == '&' && next(1) == '>' && words_.role() != word_role::condition) return step_redirection(c);
    const bool in_condition = stays_in_condition();
    if (in_condition && (c == ';' || next(1) != c)) return pass(1);  // of a regular expression
    end_word();
    if (in_condition) {
        words_.next_operand();
        pass(2);
    } else if (words_.role() == word_role::pattern) {
        pass(1);
    } else if (c == ';' && top() == frame::choice && (next(1) == ';' || next(1) == '&')) {
        pass(next(1) == ';' && next(2) == '&' ? 3 : 2);
        words_.next_pattern();
    } else {
        pass(1);
        words_.next_command();
    }
    words_.begin_word(at_);
}

constexpr void shell_scanner::step_newline() {
    if (places_) {
        end_word();
        switch (words_.role()) {
            case word_role::condition:
            case word_role::pattern:
            case word_role::element:
            case word_role::subject_in:
            case word_role::loop_in:
                break;
            default:
                words_.next_command();
        }
    }
    if (documents_.announced(level_)) {
        in_document_ = true;
        documents_.begin();
    }
    pass(1);
    words_.begin_word(at_);
}

constexpr void shell_scanner::step_redirection(char c) {
    const char second = next(1);
    const bool document = c == '<' && second == '<' && next(2) != '<';
    if (!places_ && !document) return pass(second == '<' ? 3 : 1);
    if (places_) {
        const bool in_condition = stays_in_condition();
        if (second == '(' && !in_condition) return substitute(2);
        // A preceding number or `{name}` is the file descriptor.
        bool descriptor = c != '&';
        for (std::uint32_t at = words_.word_start(); at < at_ && descriptor; ++at)
            descriptor = contains("0123456789", text_[at]) || text_[words_.word_start()] == '{';
        if (!descriptor || in_condition) end_word();
        if (in_condition) words_.next_operand();
        if (!document && !in_condition) words_.begin_target();
    }
    if (document) {
        at_ = documents_.announce(text_, at_ + 2, size_, level_);
        word_part_end_ = at_;
    } else {
        const bool longer = second == '<' || second == '>' || second == '&' || second == '|';
        pass(!longer ? 1 : next(2) == '<' || (c == '&' && next(2) == '>') ? 3 : 2);
    }
    words_.begin_word(at_);
}

constexpr void shell_scanner::step_open() {
    const bool twice = next(1) == '(' && at_word_start();
    if (!places_) return twice && closes_twice(2) ? push(frame::expression, 2) : push(frame::group, 1);
    const bool in_word = at_ != words_.word_start();
    if (words_.begins_array(at_)) return nest(frame::group, 1, word_role::element, true);
    if (words_.role() == word_role::condition) return nest(frame::group, 1, word_role::condition, in_word);
    if (in_word && contains("?*+@!", text_[at_ - 1]) && at_ != word_part_end_)
        return nest(frame::group, 1, word_role::pattern, true);
    end_word();
    words_.begin_word(at_);
    if (twice && closes_twice(2)) {
        words_.next_command();
        return push(frame::expression, 2);
    }
    if (words_.role() == word_role::pattern && top() == frame::choice) {  // `(a)` for `a)`
        pass(1);
        return words_.begin_word(at_);
    }
    std::uint32_t behind = at_ + 1;
    while (behind < size_ && contains(" \t", text_[behind])) ++behind;
    if (behind < size_ && text_[behind] == ')') {  // of a function
        pass(behind + 1 - at_);
        words_.next_command();
        return words_.begin_word(at_);
    }
    nest(frame::group, 1, word_role::command, false);
}

constexpr void shell_scanner::step_close() {
    if (places_) end_word();  // `esac` closes the open `case`
    const frame what = top();
    if (what == frame::choice && words_.role() == word_role::pattern) {
        pass(1);
        words_.next_command();
        return words_.begin_word(at_);
    }
    if (what != frame::substitution && what != frame::group) {
        pass(1);
        return words_.begin_word(at_);
    }
    if (!places_ && may_hold_choice(starts_[depth_ - 1])) return read_again();
    pop();
    if (places_) words_.close(at_ + 1);
    if (what == frame::group) return pass(1);
    documents_.end_level(level_--);
    skip(1);  // the word continues
}

}  // namespace weft::text
