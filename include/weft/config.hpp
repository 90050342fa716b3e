// SPDX-License-Identifier: MIT
#pragma once

#if __cplusplus < 202002L
#error "weft needs C++20: compile with -std=c++20"
#endif
#if !defined(__cpp_exceptions)
#error "weft needs exceptions: compile without -fno-exceptions"
#endif
#if defined(__clang__) && !defined(__apple_build_version__) && __clang_major__ < 16
#error "weft needs Clang 16 or newer, or GCC 12 or newer"
#elif !defined(__clang__) && defined(__GNUC__) && __GNUC__ < 12
#error "weft needs GCC 12 or newer, or Clang 16 or newer"
#endif

/// The version of the library; CMake's project version is the same.
#define WEFT_VERSION "0.1.0"

// Header-only is the default: the implementation headers (`*.ipp`) are included last, and everything in them
// is `inline`. The target `weft::compiled` defines WEFT_COMPILED; src/*.cpp then contain the code once.
#ifdef WEFT_COMPILED
#define WEFT_INLINE
#else
#define WEFT_INLINE inline
#endif
