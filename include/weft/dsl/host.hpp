// SPDX-License-Identifier: MIT
#pragma once

#include <weft/text/fixed_string.hpp>

namespace weft {

namespace dsl {

template <text::fixed_string Name>
struct host_type {};

}  // namespace dsl

/// A place known by name. Its address, user, port and key are bound when the program runs, never compiled in.
template <text::fixed_string Name>
inline constexpr dsl::host_type<Name> host{};

}  // namespace weft
