// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weft::text {

/// A set of characters, constructed from a literal.
struct character_set {
    const char* listed;
    bool has[256]{};
    bool has_or_nul[256]{};

    template <std::size_t N>
    consteval explicit character_set(const char (&characters)[N]) : listed(characters) {
        has_or_nul[0] = true;
        for (std::size_t at = 0; at + 1 < N; ++at)
            has[static_cast<unsigned char>(characters[at])] =
                has_or_nul[static_cast<unsigned char>(characters[at])] = true;
    }
    constexpr bool operator[](char c) const { return has[static_cast<unsigned char>(c)]; }
};

// GCC's constant evaluation takes about a microsecond for each step of a loop, and most of what it reads of a
// workflow is text. It folds a call of a built-in C function in one step where it can see the text. Clang
// does not have these functions.
#if defined(__GNUC__) && !defined(__clang__)
#define WEFT_BUILT_IN(length)                                           \
    if (std::is_constant_evaluated() && __builtin_constant_p(length)) { \
        const std::size_t found = (length);                             \
        return found < size ? static_cast<std::uint32_t>(found) : size; \
    }
#else
#define WEFT_BUILT_IN(length)
#endif

/// The number of characters before the first of `ends` or '\0', among the `size` characters from `text` on.
constexpr std::uint32_t length_before(const character_set& ends, const char* text, std::uint32_t size) {
    WEFT_BUILT_IN(__builtin_strcspn(text, ends.listed))
    std::uint32_t at = 0;
    while (at < size && !ends.has_or_nul[static_cast<unsigned char>(text[at])]) ++at;
    return at;
}

/// The number of leading characters that are in `wanted`, among the `size` characters from `text` on.
constexpr std::uint32_t length_of(const character_set& wanted, const char* text, std::uint32_t size) {
    WEFT_BUILT_IN(__builtin_strspn(text, wanted.listed))
    std::uint32_t at = 0;
    while (at < size && wanted.has[static_cast<unsigned char>(text[at])]) ++at;
    return at;
}

#undef WEFT_BUILT_IN

template <char Character>
inline constexpr char single[]{Character, '\0'};
template <char Character>
inline constexpr character_set only(single<Character>);

/// The number of characters before the first `Wanted`, among the `size` characters from `text` on.
template <char Wanted>
constexpr std::uint32_t length_before(const char* text, std::uint32_t size) {
#ifdef __clang__
    // One step; a loop takes one for each character.
    const char* const found = __builtin_char_memchr(text, Wanted, size);
    return found == nullptr ? size : static_cast<std::uint32_t>(found - text);
#else
    std::uint32_t at = length_before(only<Wanted>, text, size);
    while (at < size && text[at] != Wanted)  // a NUL
        at += 1 + length_before(only<Wanted>, text + at + 1, size - at - 1);
    return at;
#endif
}

}  // namespace weft::text
