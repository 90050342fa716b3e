// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace weft::text {

/// The parts as one text. In headers that programs include it replaces `"..." + text`, of which GCC 12 warns
/// at -O3, in the file of those who include them (its bug 105651).
template <class... Parts>
std::string joined(const Parts&... parts) {
    std::string all;
    all.reserve((std::string_view(parts).size() + ...));
    (all.append(std::string_view(parts)), ...);
    return all;
}

}  // namespace weft::text
