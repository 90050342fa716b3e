// SPDX-License-Identifier: MIT
#pragma once

#include <weft/show/log.hpp>
#include <weft/text/utf8.hpp>

#include <cstddef>

namespace weft::show {

WEFT_INLINE std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text[0]);
        const std::size_t length = text::utf8_sequence(text);
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
