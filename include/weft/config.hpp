// SPDX-License-Identifier: MIT
#pragma once

/// The version of the library; CMake's project version is the same.
#define WEFT_VERSION "0.1.0"

// Header-only is the default: the implementation headers (`*.ipp`) are included last and everything in them
// is `inline`. The target `weft::compiled` defines WEFT_COMPILED; then src/*.cpp hold the code once.
#ifdef WEFT_COMPILED
#define WEFT_INLINE
#else
#define WEFT_INLINE inline
#endif
