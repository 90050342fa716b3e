// SPDX-License-Identifier: MIT
#pragma once

#include <weft/dsl/param.hpp>
#include <weft/plan/parameter_value.hpp>
#include <weft/plan/tables.hpp>
#include <weft/text/joined.hpp>
#include <weft/text/list.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::plan {

template <class T>
inline constexpr bool is_list = dsl::list_like<T>;

template <class T>
struct element_of {
    using type = T;
};
template <dsl::list_like T>
struct element_of<T> {
    using type = typename T::value_type;
};
/// The type of a list's elements; for any other type, the type itself.
template <class T>
using element = typename element_of<T>::type;

/// Parses a value of type `T` from text as a user writes it, or as `parameter::read` writes it.
///
///     plan::parse_value<std::vector<int>>("1,2,3")
template <dsl::parameter_value T>
parsed<T> parse_value(std::string_view text) {
    if constexpr (is_list<T>) {
        const std::vector<std::string> texts = text::split_list(text);
        T list{};
        for (std::size_t at = 0; at < texts.size(); ++at) {
            auto one = parse_single<element<T>>(texts[at]);
            if (texts[at].empty()) one = {std::nullopt, "an element of a list must not be empty"};
            if (!one && texts.size() == 1) return {std::nullopt, std::move(one.expected)};
            if (!one)
                return {std::nullopt, text::joined("element ", std::to_string(at + 1), ", '", texts[at],
                                                   "': ", one.expected)};
            list.push_back(*std::move(one.value));
        }
        return {std::move(list), {}};
    } else {
        return parse_single<T>(text);
    }
}

/// Reads a value of type `T`; see `parameter::reader`.
template <dsl::parameter_value T>
bool read_value(std::string_view text, std::string& out) {
    parsed<T> read = parse_value<T>(text);
    if (!read) {
        out = std::move(read.expected);
    } else if constexpr (is_list<T>) {
        out.clear();
        for (const element<T>& each : *read) out += command_text<element<T>>(each) + '\0';
    } else if constexpr (dsl::text_like<T>) {
        out = text;
    } else {
        out = command_text<T>(*read);
    }
    return read.value.has_value();
}

/// A default as a user would write it.
template <dsl::parameter_value T>
std::string default_text(const dsl::stored<T>& value) {
    if constexpr (is_list<T>) {
        std::string text;
        for (std::size_t at = 0; at < value.count; ++at)
            text.append(at == 0 ? "" : ",")
                .append(text::escaped_element(default_text<element<T>>(value.elements[at])));
        return text;
    } else if constexpr (std::same_as<dsl::stored<T>, std::string_view>) {
        return std::string(value);
    } else {
        return shown_text<T>(value);
    }
}

// Like dsl::can_be_read.
template <class Type>
inline constexpr bool is_writable = false;
template <class T>
inline constexpr bool is_writable<dsl::of_type<T>> =
    !dsl::reads_itself<T> || writes_itself<T> || dsl::enumeration<T>;
template <class Type>
inline constexpr bool is_named = true;
template <named_enum E>
inline constexpr bool is_named<dsl::of_type<E>> = enumerators<E>.count != 0;
#ifdef __clang__
template <class Parameter, class Type>
concept can_be_written = is_writable<Type>;
template <class Parameter, class Type>
concept has_enumerators = is_named<Type>;
#else
template <class Parameter, class Type>
inline constexpr bool can_be_written = is_writable<Type>;
template <class Parameter, class Type>
inline constexpr bool has_enumerators = is_named<Type>;
#endif

template <text::fixed_string Name, class T, bool Optional>
parameter parameter_row(const dsl::param_type<Name, T, Optional>& declared) {
    using single = element<T>;
    static_assert(can_be_written<dsl::parameter_named<Name>, dsl::of_type<single>>,
                  "weft: the type of a parameter needs std::string to_string(const T&) in its namespace, "
                  "which writes what from_string reads");
    static_assert(has_enumerators<dsl::parameter_named<Name>, dsl::of_type<single>>,
                  "weft: a parameter's enum has no enumerator from -1 to 127: give it from_string and "
                  "to_string");
    parameter row;
    if constexpr (can_be_written<dsl::parameter_named<Name>, dsl::of_type<single>>) {
        row.name = Name.view();
        row.type = type_name<single>();
        if constexpr (named_enum<single>) row.choices = names_of<single>();
        row.list = is_list<T>;
        row.path = dsl::path_like<single>;
        row.description = declared.description;
        row.required = !Optional;
        if (Optional) row.default_text = default_text<T>(declared.value);
        row.read = &read_value<T>;
    }
    return row;
}

}  // namespace weft::plan
