// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace fuzz {

/// What must hold of every input; libFuzzer keeps the input for which it does not.
inline void expect(bool holds, const char* what, const std::string& about = {}) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n%s\n", what, about.c_str());
    std::abort();
}

}  // namespace fuzz
