// SPDX-License-Identifier: MIT
#define FACTOR 2
#include "changes.cpp"
