// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/sha256.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace weft::os {

namespace detail {

WEFT_INLINE void expect_digest(int done) {
    if (done != 1) throw std::runtime_error("OpenSSL cannot compute a SHA-256 digest");
}

}  // namespace detail

WEFT_INLINE sha256::sha256() : context_(::EVP_MD_CTX_new()) {
    if (context_ != nullptr && ::EVP_DigestInit_ex(context_, ::EVP_sha256(), nullptr) == 1) return;
    ::EVP_MD_CTX_free(context_);
    detail::expect_digest(0);
}

WEFT_INLINE sha256::~sha256() {
    ::EVP_MD_CTX_free(context_);
}

WEFT_INLINE void sha256::add(std::string_view bytes) {
    detail::expect_digest(::EVP_DigestUpdate(context_, bytes.data(), bytes.size()));
}

WEFT_INLINE std::string sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    detail::expect_digest(::EVP_DigestFinal_ex(context_, digest.data(), &size));
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
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
