// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <sys/stat.h>

#include <map>
#include <mutex>
#include <string>

namespace weft::journal {

/// Tells whether the file or directory at a path is another one than before. Of a file its contents count; of
/// a directory, which may be large, the names, sizes and times of what is in it. May be asked from any
/// thread.
class path_digests {
public:
    /// `engine::nothing_there` when there is nothing, or nothing that may be read.
    std::string of(const std::string& path);

private:
    struct known_file {
        struct stat status;
        std::string digest;
    };
    std::string of_file(const std::string& path, const struct stat& status);

    std::mutex mutex_;
    std::map<std::string, known_file> known_;  ///< several tasks take one file: it is read once
};

}  // namespace weft::journal
