// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::os {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. With the processor's own instructions where it has
/// them (about 1.5 GB/s), else in plain C++ (about a sixth of that).
///
///     sha256 sum;
///     sum.add("abc");
///     sum.hex();  // "ba7816bf..."
class sha256 {
public:
    void add(std::string_view bytes);

    /// 64 lower-case hexadecimal digits; nothing is added after this.
    std::string hex();

private:
    std::array<std::uint32_t, 8> state_{0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
                                        0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u};
    std::array<unsigned char, 64> partial_{};  ///< what does not make a whole block yet
    std::uint64_t size_ = 0;
};

/// Of a text.
std::string sha256_of(std::string_view text);

/// Of a file's contents; throws `std::system_error` that names it.
std::string sha256_of_file(const std::string& path);

namespace detail {

/// One way to take whole blocks into the state; both are here for the tests.
void sha256_plain(std::uint32_t* state, const unsigned char* blocks, std::size_t count);
void sha256_instructions(std::uint32_t* state, const unsigned char* blocks, std::size_t count);
bool has_sha256_instructions();

}  // namespace detail

}  // namespace weft::os
