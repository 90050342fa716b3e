// SPDX-License-Identifier: MIT
// std::chrono::duration. The calendar in C++20's <chrono> includes streams and locales, half of the compile
// time of a declaration; libstdc++ has durations in a header of their own, which <thread> uses too.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>  // IWYU pragma: export
#else
#include <chrono>  // IWYU pragma: export
#endif
