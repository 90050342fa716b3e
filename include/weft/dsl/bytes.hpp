// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>

namespace weft {

/// An amount of memory or disk space: `4_GiB`. A parameter of this type accepts `4GiB`, `1.5MB` or a number
/// of bytes; commands receive the number of bytes.
struct bytes {
    std::uint64_t count = 0;

    constexpr bytes() = default;
    constexpr explicit bytes(std::uint64_t number) : count(number) {}

    friend constexpr auto operator<=>(const bytes&, const bytes&) = default;
    friend constexpr bytes operator+(bytes a, bytes b) { return bytes(a.count + b.count); }
    friend constexpr bytes operator*(std::uint64_t times, bytes b) { return bytes(times * b.count); }
};

namespace dsl {

// Not constexpr: a constant evaluation that reaches it is an error with its name.
inline void weft_size_is_more_than_64_bits_hold() {}

consteval bytes scaled(unsigned long long count, std::uint64_t unit) {
    if (count > ~std::uint64_t{0} / unit) weft_size_is_more_than_64_bits_hold();
    return bytes(count * unit);
}

}  // namespace dsl

inline namespace literals {

consteval bytes operator""_KiB(unsigned long long count) {
    return dsl::scaled(count, std::uint64_t{1} << 10);
}
consteval bytes operator""_MiB(unsigned long long count) {
    return dsl::scaled(count, std::uint64_t{1} << 20);
}
consteval bytes operator""_GiB(unsigned long long count) {
    return dsl::scaled(count, std::uint64_t{1} << 30);
}
consteval bytes operator""_TiB(unsigned long long count) {
    return dsl::scaled(count, std::uint64_t{1} << 40);
}
consteval bytes operator""_kB(unsigned long long count) {
    return dsl::scaled(count, 1'000);
}
consteval bytes operator""_MB(unsigned long long count) {
    return dsl::scaled(count, 1'000'000);
}
consteval bytes operator""_GB(unsigned long long count) {
    return dsl::scaled(count, 1'000'000'000);
}
consteval bytes operator""_TB(unsigned long long count) {
    return dsl::scaled(count, 1'000'000'000'000);
}

}  // namespace literals

}  // namespace weft
