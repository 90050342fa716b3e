// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <vector>

namespace weft::os {

/// A file or directory, by the directory that it is below.
struct path_below {
    std::string directory;
    std::string path;
};

/// Moves each of `arrived` to the same path below `to`, in one step, in place of what is there. What was
/// there is then where the other was, and each of `stale`, paths below `to`, is in `trash`, which is made:
/// all of it for the caller to remove. Directories that their user may not write are moved too, and keep
/// their modes. All is on one file system. Throws an exception whose text names the path.
void replace_files(const std::vector<path_below>& arrived, const std::string& to,
                   const std::vector<std::string>& stale, const std::string& trash);

}  // namespace weft::os
