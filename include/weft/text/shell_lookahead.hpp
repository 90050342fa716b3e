// SPDX-License-Identifier: MIT
// What a shell_scanner can only tell from the text further on.
#pragma once

#include <weft/text/shell_scanner.hpp>

namespace weft::text {

/// Whether the parentheses that are opened twice here, by `length` characters, are closed at once too. Else
/// they are a subshell in a substitution or in another subshell.
constexpr bool shell_scanner::closes_twice(std::uint32_t length) const {
    if (looking_ahead_) return true;
    shell_scanner ahead = *this;
    ahead.looking_ahead_ = true;
    ahead.push(frame::arithmetic, length);
    while (ahead.depth_ > depth_ && ahead.pass_plain()) {
        if (ahead.depth_ == depth_ + 1 && text_[ahead.at_] == ')') return ahead.next(1) == ')';
        ahead.step();
    }
    return true;  // it is not closed at all
}

/// Whether a `case` that began at `start` or after has no `esac` yet, so that a `)` ends a pattern and not a
/// substitution.
constexpr bool shell_scanner::open_choice(std::uint32_t start) const {
    if (find(std::string_view{text_ + start, at_ - start}, "case") == nowhere) return false;
    shell_scanner inner(text_ + start, at_ - start, shell_reading::places);
    while (inner.pass_plain()) inner.step();
    inner.end_word();
    return inner.depth_ != 0;
}

/// The command from the word behind `end` on, in the word that ends there or is quoted around it.
constexpr std::string_view shell_scanner::word_behind(std::uint32_t end) const {
    shell_scanner ahead = *this;
    ahead.skip(end - at_);
    std::uint32_t behind = ahead.at_;
    while (ahead.words_.word_start() == words_.word_start()) {
        behind = ahead.at_;
        if (behind == size_) return {};
        ahead.step();
    }
    while (contains(" \t", text_[behind]) && behind + 1 < size_) ++behind;
    return {text_ + behind, size_ - behind};
}

}  // namespace weft::text
