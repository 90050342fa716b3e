// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/pool/fence.hpp>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace weft::pool {

WEFT_INLINE bool has_heavy_fence() {
    static const bool registered =
        ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    return registered;
}

WEFT_INLINE void heavy_fence() {
    ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

}  // namespace weft::pool
