// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/machine_name.hpp>

#include <algorithm>

namespace weft::engine {

WEFT_INLINE std::string address_text(const std::string& address, unsigned port) {
    if (port == 0) return address;
    const bool bare = address.find(':') == address.npos;
    return (bare ? address : '[' + address + ']') + ':' + std::to_string(port);
}

WEFT_INLINE std::string machine_name(const std::string& host, const std::vector<ssh_host>& machines,
                                     const ssh_host& one) {
    if (machines.size() == 1) return host;
    const auto alike = std::count_if(machines.begin(), machines.end(),
                                     [&](const auto& other) { return other.address == one.address; });
    return host + '@' + address_text(one.address.empty() ? host : one.address, alike > 1 ? one.port : 0);
}

}  // namespace weft::engine
