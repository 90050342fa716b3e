// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace weft::text {

/// A part of a text, like std::string_view but plain data. Constant evaluation executes every call, so the
/// tables filled for each task contain these: reading a member costs a compiler nothing.
struct slice {
    const char* data = nullptr;
    std::uint32_t size = 0;

    constexpr std::string_view view() const { return {data, size}; }
    constexpr bool empty() const { return size == 0; }
    friend constexpr bool operator==(const slice& a, const slice& b) {
#ifdef __clang__
        return a.size == b.size && (a.size == 0 || __builtin_memcmp(a.data, b.data, a.size) == 0);
#else
        if (a.size != b.size) return false;
        if (a.size == 0) return true;
        // One step of a constant evaluation if GCC can see both texts.
        if (!std::is_constant_evaluated() || __builtin_constant_p(__builtin_memcmp(a.data, b.data, a.size)))
            return __builtin_memcmp(a.data, b.data, a.size) == 0;
        for (std::uint32_t at = 0; at < a.size; ++at)
            if (a.data[at] != b.data[at]) return false;
        return true;
#endif
    }
};

constexpr slice sliced(std::string_view text) {
    return {text.data(), static_cast<std::uint32_t>(text.size())};
}

}  // namespace weft::text
