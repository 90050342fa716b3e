// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>

namespace weft::os {

/// A digest of this program's code: its executable and its loaded libraries, without system libraries (below
/// /lib and /usr/lib). Uses the linker's build ids, or the files where there is none.
std::string program_digest();

}  // namespace weft::os
