// SPDX-License-Identifier: MIT
#pragma once

namespace weft::pool {

/// Whether this kernel provides `heavy_fence` (Linux 4.14, unless a filter forbids it).
bool has_heavy_fence();

/// A full memory fence in every running thread of this process, so that these need no fence of their own.
void heavy_fence();

}  // namespace weft::pool
