// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace fuzz {

/// Checks a property of every input; libFuzzer saves an input that violates it.
inline void expect(bool holds, const char* what, const std::string& about = {}) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n%s\n", what, about.c_str());
    std::abort();
}

}  // namespace fuzz
