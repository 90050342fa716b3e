// SPDX-License-Identifier: MIT
// Lookahead of a shell_scanner: decisions that need the text further on.
#pragma once

#include <weft/text/shell_scanner.hpp>

namespace weft::text {

/// Whether the two parentheses opened here, by `length` characters, are also closed together. Otherwise they
/// are a subshell in a substitution or in another subshell.
constexpr bool shell_scanner::closes_twice(std::uint32_t length) const {
    if (looking_ahead_) return true;
    shell_scanner ahead = *this;
    ahead.looking_ahead_ = true;
    ahead.push(frame::arithmetic, length);
    while (ahead.depth_ > depth_ && ahead.pass_plain()) {
        if (ahead.depth_ == depth_ + 1 && text_[ahead.at_] == ')') return ahead.next(1) == ')';
        ahead.step();
    }
    return true;  // not closed at all
}

/// Whether a `case` may begin after `start`, so that a `)` may end a pattern instead of the construct at
/// `start`.
constexpr bool shell_scanner::may_hold_choice(std::uint32_t start) const {
    return find(std::string_view{text_ + start, at_ - start}, "case") != nowhere;
}

/// Restarts with a scan of the words and returns to this position.
constexpr void shell_scanner::read_again() {
    const std::uint32_t at = at_;
    *this = shell_scanner(text_, size_, shell_reading::places);
    while (at_ < at && pass_plain(at) && at_ < at) step();
}

/// Whether the `${` here removes a part of its value, as `${x#a}` and `${x%a}` do. In these, quotes keep
/// their meaning even between double quotes.
constexpr bool shell_scanner::trims() const {
    std::uint32_t at = at_ + 2;
    if (at < size_ && text_[at] == '!') ++at;
    const std::uint32_t name = at;
    while (at < size_ && is_letter_or_digit(text_[at])) ++at;
    if (at == name) ++at;  // `$@` and similar
    if (at < size_ && text_[at] == '[')
        while (at < size_ && text_[at++] != ']') continue;
    return at < size_ && (text_[at] == '#' || text_[at] == '%');
}

/// A single quote in `"${x:-...}"` begins a quotation in bash and is an ordinary character in other shells.
/// If the quoted text has no special character, both parse the rest alike.
constexpr void shell_scanner::step_disputed_quote() {
    const std::string_view rest(text_, size_);
    const std::size_t close = find(rest, '\'', at_ + 1);
    const std::uint32_t end = close == nowhere ? size_ : static_cast<std::uint32_t>(close);
    const std::uint32_t size = end - at_ - 1;
    const bool alike = length_before(detail::special_in_braces, text_ + at_ + 1, size) == size;
    // Without values, the way in which bash parses it is enough.
    if (places_ && !alike) error_ = command_error::read_differently;
    push(frame::single, 1);
}

/// The command from the next word on, after the word or quotation that ends at `end`.
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
