// SPDX-License-Identifier: MIT
// The earlier name of weft/functions.hpp.
#pragma once

#include <weft/functions.hpp>
