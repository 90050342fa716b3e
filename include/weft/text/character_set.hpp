// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weft::text {

/// A set of characters, made of a literal.
struct character_set {
    const char* listed;
    bool has[256]{};

    template <std::size_t N>
    consteval explicit character_set(const char (&characters)[N]) : listed(characters) {
        for (std::size_t at = 0; at + 1 < N; ++at) has[static_cast<unsigned char>(characters[at])] = true;
    }
    constexpr bool operator[](char c) const { return has[static_cast<unsigned char>(c)]; }
};

// GCC's constant evaluation takes about a microsecond for each step of a loop, and most of what it reads of a
// workflow is text; of a C function that it has built in it takes the result at once, where it can see the
// text. Clang has not got these.
#if defined(__GNUC__) && !defined(__clang__)
#define WEFT_BUILT_IN(length)                                           \
    if (std::is_constant_evaluated() && __builtin_constant_p(length)) { \
        const std::size_t found = (length);                             \
        return found < size ? static_cast<std::uint32_t>(found) : size; \
    }
#else
#define WEFT_BUILT_IN(length)
#endif

/// How many of the `size` characters from `text` on come before the first of `ends`, or a '\0'.
constexpr std::uint32_t length_before(const character_set& ends, const char* text, std::uint32_t size) {
    WEFT_BUILT_IN(__builtin_strcspn(text, ends.listed))
    std::uint32_t at = 0;
    while (at < size && text[at] != '\0' && !ends[text[at]]) ++at;
    return at;
}

/// How many of the `size` characters from `text` on come before the first that is none of `wanted`.
constexpr std::uint32_t length_of(const character_set& wanted, const char* text, std::uint32_t size) {
    WEFT_BUILT_IN(__builtin_strspn(text, wanted.listed))
    std::uint32_t at = 0;
    while (at < size && wanted[text[at]]) ++at;
    return at;
}

#undef WEFT_BUILT_IN

}  // namespace weft::text
