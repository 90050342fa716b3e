// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/sha256.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace weft::os {

namespace detail {

inline constexpr std::uint32_t sha256_round[64] = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u,
    0xd807aa98u, 0x12835b01u, 0x243185beu, 0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u,
    0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau,
    0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u,
    0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u,
    0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u, 0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u,
    0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu, 0x682e6ff3u,
    0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u};

WEFT_INLINE void sha256_plain(std::uint32_t* state, const unsigned char* blocks, std::size_t count) {
    for (; count != 0; --count, blocks += 64) {
        std::uint32_t w[64];
        for (unsigned i = 0; i < 16; ++i)
            w[i] = std::uint32_t{blocks[4 * i]} << 24 | std::uint32_t{blocks[4 * i + 1]} << 16 |
                   std::uint32_t{blocks[4 * i + 2]} << 8 | std::uint32_t{blocks[4 * i + 3]};
        for (unsigned i = 16; i < 64; ++i) {
            const std::uint32_t a = w[i - 15];
            const std::uint32_t b = w[i - 2];
            w[i] = w[i - 16] + w[i - 7] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) +
                   (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
        }
        std::uint32_t s[8];
        std::copy_n(state, 8, s);
        for (unsigned i = 0; i < 64; ++i) {
            const std::uint32_t first = s[7] + sha256_round[i] + w[i] + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
                                        (std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25));
            const std::uint32_t second = ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])) +
                                         (std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22));
            std::copy_backward(s, s + 7, s + 8);
            s[4] += first;
            s[0] = first + second;
        }
        for (unsigned i = 0; i < 8; ++i) state[i] += s[i];
    }
}

#if defined(__x86_64__)

WEFT_INLINE bool has_sha256_instructions() {
    static const bool has = [] {
        unsigned a = 0, b = 0, c = 0, d = 0;
        if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & (1u << 19)) == 0) return false;  // SSE4.1
        return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & (1u << 29)) != 0;
    }();
    return has;
}

/// Two registers hold the state as the instructions want it, ABEF and CDGH; four words of the message are
/// made per step from the sixteen before them.
__attribute__((target("sha,sse4.1"))) WEFT_INLINE void sha256_instructions(std::uint32_t* state,
                                                                           const unsigned char* blocks,
                                                                           std::size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
    const auto load = [](const void* from) __attribute__((target("sha,sse4.1"), always_inline)) {
        return _mm_loadu_si128(static_cast<const __m128i*>(from));
    };
    const __m128i dcba = _mm_shuffle_epi32(load(state), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1b);
    __m128i abef = _mm_alignr_epi8(dcba, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, dcba, 0xf0);
    for (; count != 0; --count, blocks += 64) {
        const __m128i abef_before = abef;
        const __m128i cdgh_before = cdgh;
        __m128i words[4];
        for (int i = 0; i < 4; ++i) words[i] = _mm_shuffle_epi8(load(blocks + 16 * i), swap);
#pragma GCC unroll 16
        for (int step = 0; step < 16; ++step) {
            __m128i& now = words[step % 4];
            if (step >= 4) {
                const __m128i last = words[(step + 3) % 4];
                const __m128i seventh = _mm_alignr_epi8(last, words[(step + 2) % 4], 4);
                now = _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(step + 1) % 4]), seventh);
                now = _mm_sha256msg2_epu32(now, last);
            }
            const __m128i sum = _mm_add_epi32(now, load(sha256_round + 4 * step));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(state), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

WEFT_INLINE bool has_sha256_instructions() {
    return false;
}

WEFT_INLINE void sha256_instructions(std::uint32_t* state, const unsigned char* blocks, std::size_t count) {
    sha256_plain(state, blocks, count);
}

#endif

WEFT_INLINE void sha256_blocks(std::uint32_t* state, const unsigned char* blocks, std::size_t count) {
    if (has_sha256_instructions())
        sha256_instructions(state, blocks, count);
    else
        sha256_plain(state, blocks, count);
}

}  // namespace detail

WEFT_INLINE void sha256::add(std::string_view bytes) {
    const std::size_t held = size_ % 64;
    size_ += bytes.size();
    if (held != 0) {
        const std::size_t more = std::min(64 - held, bytes.size());
        std::memcpy(partial_.data() + held, bytes.data(), more);
        bytes.remove_prefix(more);
        if (held + more < 64) return;
        detail::sha256_blocks(state_.data(), partial_.data(), 1);
    }
    const std::size_t whole = bytes.size() / 64;
    detail::sha256_blocks(state_.data(), reinterpret_cast<const unsigned char*>(bytes.data()), whole);
    bytes.remove_prefix(64 * whole);
    if (!bytes.empty()) std::memcpy(partial_.data(), bytes.data(), bytes.size());
}

WEFT_INLINE std::string sha256::hex() {
    const std::uint64_t bits = size_ * 8;
    std::string padding(1, '\x80');
    padding.append((119 - size_ % 64) % 64, '\0');
    for (int shift = 56; shift >= 0; shift -= 8) padding += static_cast<char>(bits >> shift & 0xff);
    add(padding);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint32_t word : state_)
        for (int shift = 28; shift >= 0; shift -= 4) text += digits[word >> shift & 15u];
    return text;
}

WEFT_INLINE std::string sha256_of(std::string_view text) {
    sha256 sum;
    sum.add(text);
    return sum.hex();
}

WEFT_INLINE std::string sha256_of_file(const std::string& path) {
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    sha256 sum;
    std::vector<char> some(1 << 18);
    for (;;) {
        const ssize_t size = file ? ::read(file.get(), some.data(), some.size()) : -1;
        if (size < 0 && file && errno == EINTR) continue;
        if (size < 0) throw std::system_error(errno, std::generic_category(), "cannot read '" + path + "'");
        if (size == 0) return sum.hex();
        sum.add({some.data(), static_cast<std::size_t>(size)});
    }
}

}  // namespace weft::os
