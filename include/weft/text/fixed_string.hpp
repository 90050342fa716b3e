// SPDX-License-Identifier: MIT
// text: strings at compile time: template arguments, hashes, references, placeholders, quoting.
// A leaf: it knows the standard library only, and every room may use it.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace weft::text {

/// A string that can be a template argument: `task<"A">`.
template <std::size_t N>
struct fixed_string {
    char characters[N]{};

    constexpr fixed_string() = default;
    // Copied in one step, because constant evaluation takes several for each character, and GCC keeps them in
    // memory. Each compiler evaluates only its own branch.
#ifdef __clang__
    consteval fixed_string(const char (&text)[N]) {  // NOLINT(google-explicit-constructor): a literal is one
        __builtin_memcpy(characters, text, N);
    }
#else
    consteval fixed_string(const char (&text)[N]) : fixed_string(__builtin_bit_cast(fixed_string, text)) {}
#endif
    /// Rejects a text that is not a literal. The result is a valid name and command, so that no second error
    /// follows.
    template <class Text>
    requires std::is_convertible_v<const Text&, std::string_view>
    consteval fixed_string(const Text&) {  // NOLINT(google-explicit-constructor): a clear error needs a match
        static_assert(sizeof(Text) == 0,
                      "weft: names and commands are string literals, which the compiler reads: write "
                      "sh<\"command\">; pass a value known at run time as a parameter, {{name}}");
        characters[0] = '_';
    }
    constexpr std::string_view view() const {
        return {characters, N - 1};
    }
};
template <class Text>
requires std::is_convertible_v<const Text&, std::string_view> fixed_string(const Text&)
->fixed_string<2>;

}  // namespace weft::text
