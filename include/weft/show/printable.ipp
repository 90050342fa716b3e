// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/log.hpp>

#include <cstddef>

namespace weft::show {

namespace detail {

/// How many bytes the UTF-8 sequence at the beginning of `text` has; 0 when it is none (overlong ones,
/// surrogates and what is beyond U+10FFFF included; Unicode 15, table 3-7).
WEFT_INLINE std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
    };
    const auto continues = [&](std::size_t at) { return (byte(at) & 0xc0u) == 0x80u; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool fits = !(first == 0xe0 && byte(1) < 0xa0) && !(first == 0xed && byte(1) > 0x9f);
        return fits && continues(1) && continues(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool fits = !(first == 0xf0 && byte(1) < 0x90) && !(first == 0xf4 && byte(1) > 0x8f);
        return fits && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace detail

WEFT_INLINE std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text[0]);
        const std::size_t length = detail::sequence_length(text);
        // U+0080 to U+009F are control characters too: some terminals obey them.
        const bool control = byte < 0x20 || byte == 0x7f ||
                             (length == 2 && byte == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
        if (length != 0 && !control) {
            shown += text.substr(0, length);
            text.remove_prefix(length);
            continue;
        }
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
    return shown;
}

}  // namespace weft::show
