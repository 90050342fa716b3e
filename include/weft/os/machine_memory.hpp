// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstdint>

namespace weft::os {

/// The memory in bytes that the processes of this run may use together: the machine's, or the limit of the
/// control group (a container, a batch job) if that is less. 0 when it is unknown.
std::uint64_t machine_memory();

}  // namespace weft::os
