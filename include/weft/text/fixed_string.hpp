// SPDX-License-Identifier: MIT
// text: strings as the compiler sees them: template arguments, hashes, references, placeholders, quoting.
// A leaf: it knows the standard library only, and every room may use it.
#pragma once

#include <cstddef>
#include <string_view>

namespace weft::text {

/// A string that can be a template argument: `task<"A">`.
template <std::size_t N>
struct fixed_string {
    char characters[N]{};

    constexpr fixed_string() = default;
#ifdef __clang__
    consteval fixed_string(const char (&text)[N]) {  // NOLINT(google-explicit-constructor): a literal is one
        for (std::size_t at = 0; at < N; ++at) characters[at] = text[at];
    }
#else
    // In one step, where GCC's constant evaluation would take and keep one for each character; Clang 19
    // cannot.
    consteval fixed_string(const char (&text)[N]) : fixed_string(__builtin_bit_cast(fixed_string, text)) {}
#endif
    constexpr std::string_view view() const {
        return {characters, N - 1};
    }
};

}  // namespace weft::text
