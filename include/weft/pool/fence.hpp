// SPDX-License-Identifier: MIT
#pragma once

namespace weft::pool {

/// Whether this kernel offers `heavy_fence` (Linux 4.14, and no filter against it).
bool has_heavy_fence();

/// A full memory fence in every running thread of this process, so that those need none of their own.
void heavy_fence();

}  // namespace weft::pool
