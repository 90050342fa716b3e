// SPDX-License-Identifier: MIT
// std::function. <functional> of C++20 includes searchers, hash tables and ranges, a sixth of the compile
// time of `functions.hpp`; libstdc++ has it in a header of its own.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && __has_include(<bits/std_function.h>)
#include <bits/std_function.h>  // IWYU pragma: export
#else
#include <functional>  // IWYU pragma: export
#endif
