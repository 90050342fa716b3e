// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace support {

/// The commands of the shells with which the scripts for hosts are tested.
inline const std::vector<std::vector<std::string>> posix_shells{
    {"dash"}, {"bash", "--posix"}, {"busybox", "sh"}};

}  // namespace support
