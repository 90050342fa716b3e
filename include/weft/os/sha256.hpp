// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace weft::os {

/// Incremental SHA-256 (FIPS 180-4), computed by OpenSSL. Throws `std::runtime_error` when OpenSSL fails.
///
///     sha256 sum;
///     sum.add("abc");
///     sum.hex();  // "ba7816bf..."
class sha256 {
public:
    sha256();
    ~sha256();
    sha256(const sha256&) = delete;
    sha256& operator=(const sha256&) = delete;

    void add(std::string_view bytes);

    /// Returns 64 lower-case hexadecimal digits; call it last.
    std::string hex();

private:
    evp_md_ctx_st* context_;
};

/// The digest of a text.
std::string sha256_of(std::string_view text);

/// The digest of a file's contents; throws `std::system_error` that names the file.
std::string sha256_of_file(const std::string& path);

}  // namespace weft::os
