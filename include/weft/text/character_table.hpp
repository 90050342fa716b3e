// SPDX-License-Identifier: MIT
#pragma once

namespace weft::text {

/// A table over all characters.
template <class Value>
struct character_table {
    Value of[256]{};

    constexpr const Value& operator[](char c) const { return of[static_cast<unsigned char>(c)]; }
};

}  // namespace weft::text
