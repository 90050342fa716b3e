// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// A part of a text: what std::string_view is, as plain data. Constant evaluation carries out every call, so
/// the tables that are filled for each task hold these: a member costs a compiler nothing but its value.
struct slice {
    const char* data = nullptr;
    std::uint32_t size = 0;

    constexpr std::string_view view() const { return {data, size}; }
    constexpr bool empty() const { return size == 0; }
    friend constexpr bool operator==(const slice& a, const slice& b) {
        // A constant for both compilers, in one step.
        return a.size == b.size && (a.size == 0 || __builtin_memcmp(a.data, b.data, a.size) == 0);
    }
};

constexpr slice sliced(std::string_view text) {
    return {text.data(), static_cast<std::uint32_t>(text.size())};
}

}  // namespace weft::text
