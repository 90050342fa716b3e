// SPDX-License-Identifier: MIT
// text: strings as the compiler sees them: template arguments, hashes, references, placeholders, quoting.
// A leaf: it knows the standard library only, and every room may use it.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace weft::text {

/// A string that can be a template argument: `task<"A">`.
template <std::size_t N>
struct fixed_string {
    char characters[N]{};

    constexpr fixed_string() = default;
    consteval fixed_string(const char (&text)[N])  // NOLINT(google-explicit-constructor): a literal is one
        : fixed_string(text, std::make_index_sequence<N>()) {}
    constexpr std::string_view view() const { return {characters, N - 1}; }

private:
    // An expression for each character: a compiler evaluates these faster than the steps of a loop.
    template <std::size_t... At>
    consteval fixed_string(const char (&text)[N], std::index_sequence<At...>) : characters{text[At]...} {}
};

}  // namespace weft::text
