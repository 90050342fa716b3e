// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace weft::text {

/// Concatenates the parts. In public headers it replaces `"..." + text`, for which GCC 12 emits a false
/// warning at -O3 in the file of the user (GCC bug 105651).
template <class... Parts>
std::string joined(const Parts&... parts) {
    std::string all;
    all.reserve((std::string_view(parts).size() + ...));
    (all.append(std::string_view(parts)), ...);
    return all;
}

}  // namespace weft::text
