// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstdint>

namespace weft::os {

/// The bytes of memory that this process's programs may use together: the machine's, or less when a control
/// group (a container, a batch job) sets a limit. 0: it cannot be told.
std::uint64_t machine_memory();

}  // namespace weft::os
