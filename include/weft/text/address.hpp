// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace weft::text {

/// `address:port`, with an IPv6 address in brackets; without a port the address alone.
inline std::string address(const std::string& host, unsigned port) {
    if (port == 0) return host;
    const bool bare = host.find(':') == host.npos;
    return (bare ? host : '[' + host + ']') + ':' + std::to_string(port);
}

}  // namespace weft::text
