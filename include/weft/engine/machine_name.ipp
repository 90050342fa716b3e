// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/machine_name.hpp>
#include <weft/text/address.hpp>

#include <algorithm>

namespace weft::engine {

WEFT_INLINE std::string machine_name(const std::string& host, const std::vector<ssh_host>& machines,
                                     const ssh_host& one) {
    if (machines.size() == 1) return host;
    const auto alike = std::count_if(machines.begin(), machines.end(),
                                     [&](const auto& other) { return other.address == one.address; });
    return host + '@' + text::address(one.address.empty() ? host : one.address, alike > 1 ? one.port : 0);
}

}  // namespace weft::engine
