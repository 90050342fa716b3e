// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <string_view>

namespace weft::os {

/// The 20 bytes of an HMAC-SHA1, with which OpenSSH hides host names in known_hosts. Do not use it where
/// forgery must be hard.
std::string hmac_sha1(std::string_view key, std::string_view text);

}  // namespace weft::os
