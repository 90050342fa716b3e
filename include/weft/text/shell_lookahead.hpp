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

/// Whether there may be a `case` from `start` on, so that a `)` may end a pattern and not what began there.
constexpr bool shell_scanner::may_hold_choice(std::uint32_t start) const {
    return find(std::string_view{text_ + start, at_ - start}, "case") != nowhere;
}

/// Comes back to this place with knowledge of the words before it.
constexpr void shell_scanner::read_again() {
    const std::uint32_t at = at_;
    *this = shell_scanner(text_, size_, shell_reading::places);
    while (at_ < at && pass_plain(at) && at_ < at) step();
}

/// Whether the `${` here removes a part, as `${x#a}` and `${x%a}` do: between double quotes too, quotes mean
/// there what they mean elsewhere.
constexpr bool shell_scanner::trims() const {
    std::uint32_t at = at_ + 2;
    if (at < size_ && text_[at] == '!') ++at;
    const std::uint32_t name = at;
    while (at < size_ && is_letter_or_digit(text_[at])) ++at;
    if (at == name) ++at;  // `$@` and its like
    if (at < size_ && text_[at] == '[')
        while (at < size_ && text_[at++] != ']') continue;
    return at < size_ && (text_[at] == '#' || text_[at] == '%');
}

/// A single quote in `"${x:-...}"`: to bash it begins a quotation, to other shells it is a character. Both go
/// on in the same way behind a pair that holds nothing special.
constexpr void shell_scanner::step_disputed_quote() {
    const std::string_view rest(text_, size_);
    const std::size_t close = find(rest, '\'', at_ + 1);
    const std::uint32_t end = close == nowhere ? size_ : static_cast<std::uint32_t>(close);
    const std::uint32_t size = end - at_ - 1;
    const bool alike = length_before(detail::special_in_braces, text_ + at_ + 1, size) == size;
    // Where no value is put in, what bash makes of it is enough.
    if (places_ && !alike) error_ = command_error::read_differently;
    push(frame::single, 1);
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
