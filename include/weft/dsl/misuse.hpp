// SPDX-License-Identifier: MIT
// Common mistakes: overloads whose errors say what to write instead.
#pragma once

#include <weft/dsl/action.hpp>
#include <weft/dsl/modifiers.hpp>
#include <weft/text/fixed_string.hpp>

#include <iosfwd>
#include <string_view>
#include <type_traits>

namespace weft {

namespace dsl {

/// Always false, but only known to be when the overload is used.
template <class... Written>
inline constexpr bool is_meant = false;

template <class T>
inline constexpr bool is_text = false;
template <>
inline constexpr bool is_text<const char*> = true;
template <>
inline constexpr bool is_text<char*> = true;
template <class Character, class Traits>
inline constexpr bool is_text<std::basic_string_view<Character, Traits>> = true;
template <class Character, class Traits, class Allocator>
inline constexpr bool is_text<std::basic_string<Character, Traits, Allocator>> = true;

/// `task<"a">(sh<"command"> | on<"edge">)`
template <text::fixed_string Command, class Modifier>
constexpr shell_action<Command> operator|(shell_action<Command> action, const Modifier&) {
    static_assert(is_meant<Modifier>,
                  "weft: a modifier follows the task, not its action: write "
                  "task<\"name\">(sh<\"command\">) | modifier");
    return action;
}
template <text::fixed_string... Arguments, class Modifier>
constexpr program_action<Arguments...> operator|(program_action<Arguments...> action, const Modifier&) {
    static_assert(is_meant<Modifier>,
                  "weft: a modifier follows the task, not its action: write "
                  "task<\"name\">(exec<\"program\">) | modifier");
    return action;
}

}  // namespace dsl

/// `timeout(5)`
template <class Number>
requires(std::is_arithmetic_v<Number>) consteval dsl::timeout_modifier timeout(Number) {
    static_assert(dsl::is_meant<Number>,
                  "weft: a time limit needs its unit: write timeout(5s), timeout(5min) or "
                  "timeout(std::chrono::seconds(5))");
    return {};
}

/// `retry(2, 5)`
template <class Number>
requires(std::is_arithmetic_v<Number>) consteval dsl::retry_modifier retry(int, Number) {
    static_assert(dsl::is_meant<Number>,
                  "weft: the delay between attempts needs its unit: write retry(2, 5s) or retry(2, "
                  "std::chrono::seconds(5))");
    return {};
}

}  // namespace weft
