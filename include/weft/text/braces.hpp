// SPDX-License-Identifier: MIT
// Literal braces where `{{name}}` is a placeholder: `{{{{name}}` is the text `{{name}}`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::text {

/// Whether four braces, which stand for two, begin at `at`. `}}` is never special: nothing escapes it.
constexpr bool escapes_braces(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) return false;
    for (std::size_t end = at + 4; at < end; ++at)
        if (text[at] != '{') return false;
    return true;
}

/// `text` with four braces replaced by two.
inline std::string unescaped_braces(std::string_view text) {
    std::string meant;
    for (std::size_t at = 0; at < text.size();) {
        const bool escaped = escapes_braces(text, at);
        meant += text.substr(at, escaped ? 2 : 1);
        at += escaped ? 4 : 1;
    }
    return meant;
}

}  // namespace weft::text
