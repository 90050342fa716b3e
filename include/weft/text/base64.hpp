// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::text {

inline constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline std::string to_base64(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int waiting = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (waiting += 8; waiting >= 6; waiting -= 6) text += base64_digits[bits >> (waiting - 6) & 63];
    }
    if (waiting > 0) text += base64_digits[bits << (6 - waiting) & 63];
    while (text.size() % 4 != 0) text += '=';
    return text;
}

/// The decoded bytes; nothing unless the text is padded and its unused bits are zero. White space is skipped
/// everywhere, as OpenSSH does.
inline std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned digits = 0;
    unsigned padding = 0;
    for (const char c : text) {
        if (std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos) continue;
        const auto value = base64_digits.find(c);
        if (c == '=') {
            ++padding;
        } else if (value == std::string_view::npos || padding != 0) {
            return std::nullopt;
        } else {
            bits = bits << 6 | static_cast<std::uint32_t>(value);
            if (++digits % 4 != 1) bytes += static_cast<char>(bits >> (4 - digits % 4) % 4 * 2 & 255);
        }
    }
    const unsigned missing = (4 - digits % 4) % 4;
    if (missing == 3 || padding != missing || (missing != 0 && (bits & ((1u << missing * 2) - 1)) != 0))
        return std::nullopt;
    return bytes;
}

}  // namespace weft::text
