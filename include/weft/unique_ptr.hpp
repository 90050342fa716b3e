// SPDX-License-Identifier: MIT
// std::unique_ptr. <memory> of C++20 includes shared pointers and their allocators; libstdc++ has it in a
// header of its own.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && __has_include(<bits/unique_ptr.h>)
#include <bits/unique_ptr.h>  // IWYU pragma: export
#else
#include <memory>  // IWYU pragma: export
#endif
