// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace weft::text {

// Searches that std::string_view has too, but with positions instead of pointers: with -fsanitize=undefined
// GCC 12 cannot decide in a constant evaluation that a pointer into a template argument is not null (GCC bug
// 71962), and libstdc++ compares it with null.

inline constexpr std::size_t nowhere = std::string_view::npos;

/// The position of the first `wanted` in `text` from `start` on; `nowhere` if there is none.
constexpr std::size_t find(std::string_view text, char wanted, std::size_t start = 0) {
    for (std::size_t at = start; at < text.size(); ++at)
        if (text[at] == wanted) return at;
    return nowhere;
}

constexpr std::size_t find(std::string_view text, std::string_view wanted) {
    for (std::size_t at = 0; at + wanted.size() <= text.size(); ++at)
        if (text.substr(at, wanted.size()) == wanted) return at;
    return nowhere;
}

constexpr std::size_t find_last(std::string_view text, char wanted) {
    for (std::size_t at = text.size(); at > 0; --at)
        if (text[at - 1] == wanted) return at - 1;
    return nowhere;
}

constexpr bool contains(std::string_view text, char wanted) {
    return find(text, wanted) != nowhere;
}

}  // namespace weft::text
