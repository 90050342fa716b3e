// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/hmac_sha1.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace weft::os {

WEFT_INLINE std::string hmac_sha1(std::string_view key, std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (::HMAC(::EVP_sha1(), key.data(), static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size) == nullptr)
        throw std::runtime_error("OpenSSL cannot compute an HMAC-SHA1");
    return {reinterpret_cast<const char*>(digest), size};
}

}  // namespace weft::os
