// SPDX-License-Identifier: MIT
// std::function. <functional> of C++20 brings searchers, hash tables and ranges, a sixth of what `graph.hpp`
// costs a compiler; libstdc++ has it apart.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && __has_include(<bits/std_function.h>)
#include <bits/std_function.h>  // IWYU pragma: export
#else
#include <functional>  // IWYU pragma: export
#endif
