// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/bytes.hpp>
#include <weft/duration.hpp>
#include <weft/text/fixed_string.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>

namespace weft::dsl {

template <class T, class... Others>
concept one_of = (std::same_as<T, Others> || ...);

template <class T>
concept number = std::floating_point<T> ||
    (std::integral<T> && !one_of<T, bool, char, wchar_t, char8_t, char16_t, char32_t>);

template <class T>
concept enumeration = std::is_enum_v<T>;

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
concept duration = is_duration<T>;

/// A user's type with `bool from_string(std::string_view, T&)` in its namespace.
template <class T>
concept reads_itself = std::default_initializable<T> && requires(std::string_view text, T& value) {
    { from_string(text, value) } -> std::same_as<bool>;
};

/// `std::filesystem::path`, without its header.
template <class T>
concept path_like = requires {
    typename T::string_type;
    T::preferred_separator;
};

/// `std::string`, `std::filesystem::path`, and other types constructed from text.
template <class T>
concept text_like = path_like<T> ||(std::is_class_v<T>&& std::constructible_from<T, std::string_view> &&
                                    !std::is_trivially_destructible_v<T> && !reads_itself<T>);

template <class T>
concept single_value =
    number<T> || one_of<T, bool, bytes> || enumeration<T> || duration<T> || text_like<T> || reads_itself<T>;

/// `std::vector` and similar, without its header.
template <class T>
concept list_like = !single_value<T> && requires(T & list, typename T::value_type value) {
    typename T::iterator;
    list.push_back(value);
}
&&single_value<typename T::value_type>;

/// Types that a parameter can have.
template <class T>
concept parameter_value = single_value<T> || list_like<T>;

// Not constexpr: a constant evaluation that reaches it is an error with its name.
inline void weft_a_default_holds_at_most_32_elements() {}

/// The elements of a list's default: `{1, 2, 3}`. A vector cannot be a constant.
template <class Element>
struct default_list {
    static constexpr std::size_t most = 32;

    std::size_t count = 0;
    Element elements[most]{};

    constexpr default_list() = default;
    constexpr default_list(std::initializer_list<Element> given) {
        if (given.size() > most) weft_a_default_holds_at_most_32_elements();
        for (const Element& each : given) elements[count++] = each;
    }
    /// From an array, as in `with<"name">(std::array{1, 2})`.
    template <class Array>
    requires requires(const Array& array) { Element(array.data()[array.size()]); }
    constexpr default_list(const Array& array) {
        if (array.size() > most) weft_a_default_holds_at_most_32_elements();
        for (std::size_t at = 0; at < array.size(); ++at) elements[count++] = Element(array.data()[at]);
    }
};

/// The type in which a constant stores a value: a list as an array, text as a view of its literal, anything
/// else as itself.
template <class T>
struct storage {
    using type =
        std::conditional_t<std::is_trivially_destructible_v<T> && !text_like<T>, T, std::string_view>;
};
template <list_like T>
struct storage<T> {
    using type = default_list<typename storage<typename T::value_type>::type>;
};
template <class T>
requires(!parameter_value<T>) struct storage<T> {
    using type = bool;  // an error is already reported
};
template <class T>
using stored = typename storage<T>::type;

/// Types whose values can be part of a command: those of parameters, and those with `to_string` in their
/// namespace.
template <class T>
concept shown_value = parameter_value<T> || requires(const T& shown) {
    to_string(shown);
};

// Prints the parameter and its rejected type. GCC 12 prints the arguments of a variable template that is
// false, Clang those of a concept.
template <text::fixed_string Parameter>
struct parameter_named {};
template <class T>
struct of_type {};
template <class Parameter, class Type>
inline constexpr bool is_readable = false;
template <text::fixed_string Name, parameter_value T>
inline constexpr bool is_readable<parameter_named<Name>, of_type<T>> = true;
#ifdef __clang__
template <class Parameter, class Type>
concept can_be_read = is_readable<Parameter, Type>;
#else
template <class Parameter, class Type>
inline constexpr bool can_be_read = is_readable<Parameter, Type>;
#endif

}  // namespace weft::dsl
