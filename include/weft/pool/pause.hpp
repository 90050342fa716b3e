// SPDX-License-Identifier: MIT
#pragma once

namespace weft::pool {

/// Pauses for some 40 cycles and tells the processor that this thread is spinning.
inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("isb");
#endif
}

}  // namespace weft::pool
