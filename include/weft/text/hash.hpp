// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace weft::text {

/// 64-bit FNV-1a, then the finaliser of MurmurHash3 so that the low bits depend on all others. A name is
/// hashed once, in the constant evaluation of its own task; equal hashes are settled by comparing the names.
constexpr std::uint64_t hash(std::string_view text) {
    std::uint64_t value = 0xcbf29ce484222325u;
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdu;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53u;
    return value ^ (value >> 33);
}

}  // namespace weft::text
