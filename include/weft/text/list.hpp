// SPDX-License-Identifier: MIT
// Lists as text: `1,2,3`. In an element `\,` stands for a comma and `\\` for a backslash.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::text {

/// Escapes an element of a list.
inline std::string escaped_element(std::string_view element) {
    std::string text;
    for (const char c : element) {
        if (c == ',' || c == '\\') text += '\\';
        text += c;
    }
    return text;
}

/// The elements of a list as a user writes it, or, if it contains zero bytes, as commands receive it: each
/// element ends with a zero byte. Empty text is the empty list.
inline std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> elements;
    if (text.empty()) return elements;
    if (text.ends_with('\0')) {
        while (!text.empty()) {
            const std::size_t end = text.find('\0');
            elements.emplace_back(text.substr(0, end));
            text.remove_prefix(end + 1);
        }
        return elements;
    }
    elements.emplace_back();
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escapes =
            text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == ',' || text[at + 1] == '\\');
        if (escapes)
            elements.back() += text[++at];
        else if (text[at] == ',')
            elements.emplace_back();
        else
            elements.back() += text[at];
    }
    return elements;
}

}  // namespace weft::text
