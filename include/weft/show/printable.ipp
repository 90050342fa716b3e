// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/log.hpp>
#include <weft/text/utf8.hpp>

#include <algorithm>
#include <cstddef>

namespace weft::show {

namespace detail {

/// The code point of a UTF-8 sequence of `length` bytes.
WEFT_INLINE char32_t code_point(std::string_view text, std::size_t length) {
    constexpr unsigned first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t point = static_cast<unsigned char>(text[0]) & first_bits[length];
    for (std::size_t at = 1; at < length; ++at)
        point = point << 6 | (static_cast<unsigned char>(text[at]) & 0x3fu);
    return point;
}

/// Characters that control a terminal or disguise a text: control characters (including U+0080 to U+009F),
/// direction marks and overrides, line separators, tags (Unicode 15, chapter 23).
WEFT_INLINE bool is_hidden(char32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c ||
           (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb) ||
           (point >= 0xe0000 && point <= 0xe007f);
}

/// `text` with hidden characters escaped, except those in `kept`.
WEFT_INLINE std::string made_visible(std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    while (!text.empty()) {
        const std::size_t length = text::utf8_sequence(text);
        if (length != 0 && (!is_hidden(code_point(text, length)) || kept.find(text[0]) != kept.npos)) {
            shown += text.substr(0, length);
            text.remove_prefix(length);
            continue;
        }
        for (std::size_t left = std::max<std::size_t>(1, length); left != 0; --left) {
            const auto byte = static_cast<unsigned char>(text[0]);
            if (text[0] == '\n') {
                shown += "\\n";
            } else if (text[0] == '\t') {
                shown += "\\t";
            } else {
                shown += "\\x";
                shown += digits[byte >> 4];
                shown += digits[byte & 15];
            }
            text.remove_prefix(1);
        }
    }
    return shown;
}

}  // namespace detail

WEFT_INLINE std::string printable(std::string_view text) {
    return detail::made_visible(text, "");
}

WEFT_INLINE std::string printable_lines(std::string_view text) {
    return detail::made_visible(text, "\n\t");
}

WEFT_INLINE std::string visible_json(std::string_view json) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    while (!json.empty()) {
        const std::size_t length = std::max<std::size_t>(1, text::utf8_sequence(json));
        const char32_t point = detail::code_point(json, length);
        if (point < 0x7f || !detail::is_hidden(point)) {
            shown += json.substr(0, length);
        } else {
            const auto unit = [&](char32_t value) {
                shown += "\\u";
                for (int shift = 12; shift >= 0; shift -= 4) shown += digits[value >> shift & 15];
            };
            if (point > 0xffff) unit(0xd7c0 + (point >> 10));  // half of a surrogate pair
            unit(point > 0xffff ? 0xdc00 + (point & 0x3ff) : point);
        }
        json.remove_prefix(length);
    }
    return shown;
}

}  // namespace weft::show
