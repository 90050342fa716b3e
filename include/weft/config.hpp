// SPDX-License-Identifier: MIT
#pragma once

// Header-only is the default: the implementation headers (`*.ipp`) are included last and everything in them is
// `inline`. The target `weft::compiled` defines WEFT_COMPILED, and src/weft.cpp holds the code once.
#ifdef WEFT_COMPILED
#define WEFT_INLINE
#else
#define WEFT_INLINE inline
#endif
