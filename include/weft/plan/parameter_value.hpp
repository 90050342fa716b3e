// SPDX-License-Identifier: MIT
// Values of one type as text: as users write them, as commands receive them, as `--help` shows them.
#pragma once

#include <weft/dsl/parameter_type.hpp>
#include <weft/duration.hpp>
#include <weft/plan/parameter_enum.hpp>
#include <weft/plan/parameter_units.hpp>
#include <weft/text/joined.hpp>
#include <weft/text/name.hpp>

#include <charconv>
#include <concepts>
#include <exception>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft::plan {

/// A value, or the text that was expected instead, such as "expected true or false".
template <class T>
struct parsed {
    std::optional<T> value;
    std::string expected;

    explicit operator bool() const { return value.has_value(); }
    const T& operator*() const { return *value; }
};

template <class T>
concept writes_itself = requires(const T& value) {
    { to_string(value) } -> std::convertible_to<std::string>;
};

/// An enum that is read and written by the names of its enumerators.
template <class T>
concept named_enum = dsl::enumeration<T> && !(dsl::reads_itself<T> && writes_itself<T>);

/// The name of a type for users.
template <dsl::single_value T>
std::string type_name() {
    if constexpr (std::same_as<T, bool>)
        return "true or false";
    else if constexpr (std::floating_point<T>)
        return "number";
    else if constexpr (std::unsigned_integral<T>)
        return "whole number, not negative";
    else if constexpr (std::integral<T>)
        return "whole number";
    else if constexpr (dsl::duration<T>)
        return "duration";
    else if constexpr (std::same_as<T, bytes>)
        return "size";
    else if constexpr (dsl::path_like<T>)
        return "path";
    else if constexpr (std::same_as<T, std::string>)
        return "text";
    else
        return std::string(unqualified_name<T>());
}

template <dsl::number T>
std::string number_text(T value) {
    char digits[128];
    return {digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr};
}

/// The unit of a duration's type, if it has a name.
template <dsl::duration T>
constexpr std::string_view unit_name() {
    using period = typename T::period;
    for (const unit& each : time_units)
        if (period::num * 1'000'000'000 / period::den == static_cast<std::intmax_t>(each.factor) &&
            period::num * 1'000'000'000 % period::den == 0)
            return each.name;
    return "";
}

/// A value in the form in which users write it: `4GiB`, `1h`, `0.25`.
template <dsl::single_value T>
std::string shown_text(const T& value) {
    if constexpr (std::same_as<T, bool>) {
        return value ? "true" : "false";
    } else if constexpr (dsl::number<T>) {
        return number_text(value);
    } else if constexpr (std::same_as<T, bytes>) {
        return with_unit(value.count, size_units);
    } else if constexpr (dsl::duration<T>) {
        const auto exact = std::chrono::duration_cast<std::chrono::nanoseconds>(value).count();
        if (exact == 0) return "0s";
        return (exact < 0 ? "-" : "") +
               with_unit(static_cast<std::uint64_t>(exact < 0 ? -exact : exact), time_units);
    } else if constexpr (named_enum<T>) {
        for (std::size_t at = 0; at < enumerators<T>.count; ++at)
            if (static_cast<T>(enumerators<T>.rows[at].value) == value)
                return std::string(enumerators<T>.rows[at].name);
        return std::to_string(static_cast<long long>(value));
    } else if constexpr (writes_itself<T>) {
        return to_string(value);
    } else if constexpr (dsl::path_like<T>) {
        return value.string();
    } else {
        return std::string(value);
    }
}

/// A value in the form that commands receive: sizes in bytes, durations in the unit of their type (`90s`),
/// because programs read these; other types as shown to users.
template <dsl::single_value T>
std::string command_text(const T& value) {
    if constexpr (std::same_as<T, bytes>) {
        return std::to_string(value.count);
    } else if constexpr (dsl::duration<T>) {
        if constexpr (!unit_name<T>().empty())
            return text::joined(number_text(value.count()), unit_name<T>());
        return shown_text(value);
    } else {
        return shown_text(value);
    }
}

template <dsl::number T>
parsed<T> parse_number(std::string_view text) {
    T value{};
    const auto end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && read == end) return {value, {}};
    std::string expected = text::joined("expected a ", type_name<T>());
    if constexpr (std::integral<T>)
        expected += text::joined(" from ", number_text(std::numeric_limits<T>::min()), " to ",
                                 number_text(std::numeric_limits<T>::max()));
    return {std::nullopt, std::move(expected)};
}

inline parsed<bool> parse_bool(std::string_view text) {
    for (const std::string_view yes : {"true", "1", "yes", "on"})
        if (text == yes) return {true, {}};
    for (const std::string_view no : {"false", "0", "no", "off"})
        if (text == no) return {false, {}};
    return {std::nullopt, "expected true or false"};
}

inline parsed<bytes> parse_size(std::string_view text) {
    if (const auto size = read_size(text)) return {bytes(*size), {}};
    return {std::nullopt, "expected a size such as 4GiB, 1.5MB or a number of bytes below 16 EiB"};
}

template <dsl::duration T>
parsed<T> parse_duration(std::string_view text) {
    using exact = std::chrono::nanoseconds;
    const auto count = read_duration(text);
    if (!count) {
        const std::string seconds = text::joined(text.starts_with('.') ? "0" : "", text, "s");
        return {std::nullopt,
                read_duration(seconds)
                    ? text::joined("a duration needs its unit: write ", seconds, ", or min, h, d or ms")
                    : "expected a duration such as 30s, 1.5min, 1h30min or 250ms"};
    }
    const exact given(*count);
    using wide = std::chrono::duration<long double, typename T::period>;
    const bool fits =
        wide(given).count() >= static_cast<long double>(std::numeric_limits<typename T::rep>::lowest()) &&
        wide(given).count() <= static_cast<long double>(std::numeric_limits<typename T::rep>::max());
    if (fits) {
        const T value = std::chrono::duration_cast<T>(given);
        if (std::floating_point<typename T::rep> || std::chrono::duration_cast<exact>(value) == given)
            return {value, {}};
    }
    const std::string unit(unit_name<T>());
    return {std::nullopt, unit.empty() ? "expected a duration that fits its type"
                                       : text::joined("expected a duration in whole ", unit, " from ",
                                                      number_text(T::min().count()), unit, " to ",
                                                      number_text(T::max().count()), unit)};
}

/// The names of `E`'s enumerators.
template <dsl::enumeration E>
std::vector<std::string> names_of() {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < enumerators<E>.count; ++at)
        names.emplace_back(enumerators<E>.rows[at].name);
    return names;
}

/// "expected fast, exact or none; did you mean fast?"
inline std::string expected_one_of(const std::vector<std::string>& names, std::string_view given) {
    std::string text = "expected ";
    std::string_view nearest;
    std::size_t least = given.size() / 3 + 2;
    for (std::size_t at = 0; at < names.size(); ++at) {
        text.append(at == 0 ? "" : at + 1 == names.size() ? " or " : ", ").append(names[at]);
        const std::size_t distance = text::edit_distance(given, names[at]);
        if (distance >= least || distance >= names[at].size()) continue;
        least = distance;
        nearest = names[at];
    }
    return nearest.empty() ? text : text::joined(text, "; did you mean ", nearest, "?");
}

template <named_enum E>
parsed<E> parse_enum(std::string_view text) {
    for (std::size_t at = 0; at < enumerators<E>.count; ++at)
        if (enumerators<E>.rows[at].name == text) return {static_cast<E>(enumerators<E>.rows[at].value), {}};
    return {std::nullopt, expected_one_of(names_of<E>(), text)};
}

template <dsl::text_like T>
parsed<T> parse_text(std::string_view text) {
    if (text.find('\0') != text.npos) return {std::nullopt, "expected text without zero bytes"};
    try {
        return {std::optional<T>(std::in_place, text), {}};
    } catch (const std::exception& error) {
        return {std::nullopt, error.what()};
    }
}

template <dsl::single_value T>
parsed<T> parse_single(std::string_view text) {
    if constexpr (std::same_as<T, bool>) {
        return parse_bool(text);
    } else if constexpr (dsl::number<T>) {
        return parse_number<T>(text);
    } else if constexpr (std::same_as<T, bytes>) {
        return parse_size(text);
    } else if constexpr (dsl::duration<T>) {
        return parse_duration<T>(text);
    } else if constexpr (named_enum<T>) {
        return parse_enum<T>(text);
    } else if constexpr (dsl::text_like<T>) {
        return parse_text<T>(text);
    } else {
        T value{};
        if (from_string(text, value)) return {std::move(value), {}};
        return {std::nullopt, text::joined("expected a value of the type ", type_name<T>())};
    }
}

}  // namespace weft::plan
