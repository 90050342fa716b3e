// SPDX-License-Identifier: MIT
// std::chrono::duration. The calendar of C++20's <chrono> brings in streams and locales, half of what
// declaring a workflow would cost a compiler; libstdc++ has the durations apart, where <thread> takes them
// too.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>  // IWYU pragma: export
#else
#include <chrono>  // IWYU pragma: export
#endif
