// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::os {

/// SHA-256 (FIPS 180-4) of what it is given piece by piece. Written here because nothing that weft stands on
/// offers one: libssh keeps its own to itself.
class sha256 {
public:
    void add(std::string_view bytes);

    /// 64 lower-case hexadecimal digits. The last call.
    std::string hex();

private:
    void take_block(const unsigned char* block);

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<unsigned char, 64> block_{};
    std::size_t filled_ = 0;
    std::uint64_t bytes_ = 0;
};

/// Of a text.
std::string sha256_of(std::string_view text);

/// Of a file's contents; throws `std::system_error` that names it.
std::string sha256_of_file(const std::string& path);

}  // namespace weft::os
