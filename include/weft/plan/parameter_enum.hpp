// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weft::plan {

/// The name of a type as a person says it: without its namespaces.
template <class T>
constexpr std::string_view unqualified_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    // GCC: "... [with T = n::mode; std::string_view = ...]", Clang: "... [T = n::mode]".
    text.remove_prefix(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
    const std::size_t arguments = text.find('<', 1);
    const std::string_view outer = text.substr(0, arguments);
    const std::size_t qualified = outer.rfind("::");
    return qualified == outer.npos ? text : text.substr(qualified + 2);
}

/// An enumerator: its value and its name.
struct enumerator {
    long long value = 0;
    std::string_view name;
};

template <std::size_t Most>
struct enumerator_table {
    std::size_t count = 0;
    enumerator rows[Most]{};
};

// The name of an enumerator is read from the name of a function template with it as an argument. All
// candidates are arguments of one function, because an instantiation for each would cost a hundred times
// more.
template <auto... Values>
constexpr std::string_view names_of_values() {
    return __PRETTY_FUNCTION__;
}

// The range of an enum without a fixed type is limited to the bits of its enumerators. For Clang a cast
// beyond it is not a constant: a warning up to version 19, then an error, which `is_value` detects. GCC only
// warns about the cast.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wenum-constexpr-conversion"
template <class E, long long Value, class = void>
inline constexpr bool is_value = false;
template <class E, long long Value>
inline constexpr bool is_value<E, Value, std::void_t<std::integral_constant<E, static_cast<E>(Value)>>> =
    true;

template <class E, long long Least, std::size_t... At>
constexpr std::string_view names_from(std::index_sequence<At...>) {
    return names_of_values<static_cast<E>(Least + static_cast<long long>(At))...>();
}
#pragma clang diagnostic pop
#else
template <class E, long long Value>
inline constexpr bool is_value = true;

template <class E, long long Least, std::size_t... At>
constexpr std::string_view names_from(std::index_sequence<At...>) {
    using number = std::underlying_type_t<E>;
    return names_of_values<__builtin_bit_cast(E,
                                              static_cast<number>(Least + static_cast<long long>(At)))...>();
}
#endif

template <class E>
constexpr long long greatest_value() {
    if constexpr (std::is_same_v<std::underlying_type_t<E>, bool>)
        return 1;
    else if constexpr (requires { E{0}; } || is_value<E, 127>)  // braces need a fixed type
        return 127;
    else
        return is_value<E, 63>   ? 63
               : is_value<E, 31> ? 31
               : is_value<E, 15> ? 15
               : is_value<E, 7>  ? 7
               : is_value<E, 3>  ? 3
                                 : 1;
}

/// The enumerators of `E` with values from -1 to 127, in order of their values.
template <class E>
constexpr auto find_enumerators() {
    using underlying = std::underlying_type_t<E>;
    constexpr long long least = std::is_unsigned_v<underlying> ? 0 : -1;
    constexpr auto most = static_cast<std::size_t>(greatest_value<E>() - least + 1);
    std::string_view text = names_from<E, least>(std::make_index_sequence<most>{});
    // GCC: "... [with auto ...Values = {n::fast, (n::mode)1}; ...]", Clang: "... [Values = <n::fast, ...>]".
    text.remove_prefix(text.find("Values = ") + 10);

    enumerator_table<most> table;
    std::size_t word = 0;
    int depth = 0;
    long long value = least;
    for (std::size_t at = 0; at < text.size() && value < least + static_cast<long long>(most); ++at) {
        const char c = text[at];
        const bool opens = c == '<' || c == '(' || c == '{' || c == '[';
        const bool closes = c == '>' || c == ')' || c == '}' || c == ']';
        const bool ends = depth == 0 && (c == ',' || closes);
        depth += opens - closes;
        const bool in_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             c == '_' || static_cast<unsigned char>(c) >= 128;
        if (ends) {
            const std::string_view name = text.substr(word, at - word);
            const bool is_name = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
            if (is_name) table.rows[table.count++] = {value, name};
            ++value;
        }
        if (!in_word) word = at + 1;
    }
    return table;
}

template <class E>
inline constexpr auto enumerators = find_enumerators<E>();

}  // namespace weft::plan
