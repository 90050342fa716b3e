// SPDX-License-Identifier: MIT
// Durations and sizes as text: numbers with units.
#pragma once

#include <weft/text/joined.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft::plan {

struct unit {
    std::string_view name;
    std::uint64_t factor = 1;
};

/// In nanoseconds, in descending order.
inline constexpr unit time_units[] = {{"d", 86'400'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"min", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}};

/// In bytes, in descending order; of two equal sizes, the first is shown.
inline constexpr unit size_units[] = {{"TiB", std::uint64_t{1} << 40},
                                      {"TB", 1'000'000'000'000},
                                      {"GiB", std::uint64_t{1} << 30},
                                      {"GB", 1'000'000'000},
                                      {"MiB", std::uint64_t{1} << 20},
                                      {"MB", 1'000'000},
                                      {"KiB", std::uint64_t{1} << 10},
                                      {"kB", 1'000},
                                      {"B", 1}};

/// Reads `1.5min` at the front of `text` and removes it. Without a unit the factor is `fallback`, if not 0.
/// Nothing if the text is invalid, is not a whole number of the smallest unit, or does not fit in 64 bits.
inline std::optional<std::uint64_t> take_quantity(std::string_view& text, std::span<const unit> units,
                                                  std::uint64_t fallback) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto digits = [&] {
        std::size_t count = 0;
        while (count < text.size() && is_digit(text[count])) ++count;
        const std::string_view taken = text.substr(0, count);
        text.remove_prefix(count);
        return taken;
    };
    const std::string_view whole = digits();
    if (whole.empty()) return std::nullopt;
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = digits();
        if (fraction.empty()) return std::nullopt;
    }
    std::size_t letters = 0;
    while (letters < text.size() && !is_digit(text[letters])) ++letters;
    std::uint64_t factor = letters == 0 ? fallback : 0;
    for (const unit& each : units)
        if (letters != 0 && text.substr(0, letters) == each.name) factor = each.factor;
    text.remove_prefix(letters);
    if (factor == 0) return std::nullopt;

    constexpr std::uint64_t most = ~std::uint64_t{0};
    std::uint64_t value = 0;
    for (const char c : whole) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (most - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    if (value > most / factor) return std::nullopt;
    value *= factor;
    // A digit after the point is worth digit * factor / 10^n, which must be a whole number.
    std::uint64_t numerator = 0;
    std::uint64_t denominator = 1;
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    for (const char c : fraction) {
        if (denominator > most / 10 / factor) return std::nullopt;
        denominator *= 10;
        numerator = numerator * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (numerator * factor % denominator != 0) return std::nullopt;
    const std::uint64_t part = numerator * factor / denominator;
    if (value > most - part) return std::nullopt;
    return value + part;
}

/// `amount` in the largest unit of which it is a whole number: 90 seconds are `90s`, 3,600 are `1h`.
inline std::string with_unit(std::uint64_t amount, std::span<const unit> units) {
    for (const unit& each : units)
        if (amount != 0 && amount % each.factor == 0)
            return text::joined(std::to_string(amount / each.factor), each.name);
    return "0";
}

/// A size in bytes, from `4GiB` or a plain number.
inline std::optional<std::uint64_t> read_size(std::string_view text) {
    const auto value = take_quantity(text, size_units, 1);
    return text.empty() ? value : std::nullopt;
}

/// A duration in nanoseconds, from `30s`, `1.5min` or `1h30min`, with each unit smaller than the one before.
inline std::optional<std::int64_t> read_duration(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    constexpr auto most = static_cast<std::uint64_t>(INT64_MAX);
    std::uint64_t sum = 0;
    std::span<const unit> units = time_units;
    do {
        const std::string_view before = text;
        const auto value = take_quantity(text, units, before == "0" ? 1 : 0);
        if (!value || *value > most - sum) return std::nullopt;
        sum += *value;
        std::string_view read = before.substr(0, before.size() - text.size());
        read.remove_prefix(read.find_last_of("0123456789") + 1);
        while (!units.empty() && units.front().name != read) units = units.subspan(1);
        if (!units.empty()) units = units.subspan(1);
    } while (!text.empty());
    return negative ? -static_cast<std::int64_t>(sum) : static_cast<std::int64_t>(sum);
}

}  // namespace weft::plan
