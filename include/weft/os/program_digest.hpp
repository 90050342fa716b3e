// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>

namespace weft::os {

/// A digest of this program's code: of its executable and of the libraries that it has loaded, but for those
/// of the system (below /lib and /usr/lib). The linker's build ids where there are some, else the files.
std::string program_digest();

}  // namespace weft::os
