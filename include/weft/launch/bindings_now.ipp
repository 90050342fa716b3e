// SPDX-License-Identifier: MIT
#pragma once

#include <weft/launch/bindings_now.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace weft::launch {

namespace detail {

WEFT_INLINE bool is_bound(const std::vector<host_binding>& bindings, std::string_view host) {
    return std::any_of(bindings.begin(), bindings.end(), [&](const auto& row) { return row.name == host; });
}

/// `known` with the fields that `change` sets. A new address resets user and port.
WEFT_INLINE ssh_host changed(const ssh_host& known, const ssh_host& change) {
    ssh_host result = known;
    const ssh_host usual;
    const auto take = [&](auto ssh_host::*field) {
        if (change.*field != usual.*field) result.*field = change.*field;
    };
    if (!change.address.empty()) {
        result.address = change.address;
        result.user.clear();
        result.port = 0;
    }
    take(&ssh_host::user);
    take(&ssh_host::port);
    take(&ssh_host::identity);
    take(&ssh_host::known_hosts);
    take(&ssh_host::scratch);
    take(&ssh_host::slots);
    take(&ssh_host::memory);
    take(&ssh_host::connect_timeout);
    take(&ssh_host::deadline);
    return result;
}

}  // namespace detail

WEFT_INLINE std::vector<host_binding> bindings_now(const std::vector<host_binding>& given,
                                                   const std::vector<host_binding>& past) {
    std::vector<host_binding> bindings;
    for (host_binding row : given) {
        if (row.host.address.empty() && detail::is_bound(past, row.name)) continue;
        const auto of_name = [&](const host_binding& one) { return one.name == row.name; };
        auto known = std::find_if(past.begin(), past.end(), [&](const host_binding& one) {
            return of_name(one) && one.host.address == row.host.address && one.host.port == row.host.port;
        });
        if (known == past.end()) known = std::find_if(past.begin(), past.end(), of_name);
        if (known != past.end()) row.host = detail::changed(known->host, row.host);
        bindings.push_back(std::move(row));
    }
    const std::vector<host_binding> anew = bindings;
    for (host_binding row : past) {
        if (detail::is_bound(anew, row.name)) continue;
        for (const host_binding& change : given)
            if (change.name == row.name) row.host = detail::changed(row.host, change.host);
        bindings.push_back(std::move(row));
    }
    return bindings;
}

}  // namespace weft::launch
