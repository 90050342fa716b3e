// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::text {

/// 64-bit FNV-1a, then the finalizer of MurmurHash3, so that the low bits depend on all others. A name is
/// hashed once, while it is read; names with equal hashes are compared.
constexpr std::uint64_t hash(std::string_view text) {
    // By index, because an iterator costs one or two calls for each character of every name.
    const char* const characters = text.data();
    const std::size_t size = text.size();
    std::uint64_t value = 0xcbf29ce484222325u;
    for (std::size_t at = 0; at < size; ++at)
        value = (value ^ static_cast<unsigned char>(characters[at])) * 0x100000001b3u;
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdu;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53u;
    return value ^ (value >> 33);
}

}  // namespace weft::text
