// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <string>
#include <vector>

namespace weft::os {

/// A file or directory, relative to `directory`.
struct path_below {
    std::string directory;
    std::string path;
};

/// Moves each of `arrived` to the same path below `to`, replacing an existing entry atomically; the replaced
/// entry ends up where the new one was. Moves each of `stale`, paths below `to`, into `trash`, which is
/// created. The caller removes both. Directories without write permission are moved too and keep their modes.
/// All paths must be on one file system. Throws an exception whose text names the path.
void replace_files(const std::vector<path_below>& arrived, const std::string& to,
                   const std::vector<std::string>& stale, const std::string& trash);

}  // namespace weft::os
