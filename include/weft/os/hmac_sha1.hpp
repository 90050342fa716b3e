// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <string_view>

namespace weft::os {

/// The 20 bytes of HMAC-SHA1: OpenSSH hides names of hosts in known_hosts so. For nothing that must be hard
/// to forge.
std::string hmac_sha1(std::string_view key, std::string_view text);

}  // namespace weft::os
