// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <sys/stat.h>

#include <map>
#include <mutex>
#include <string>

namespace weft::journal {

/// Digests files and directories to detect changes. The digest of a file covers its contents; that of a
/// directory, which may be large, only the names, sizes and times of its entries. Thread-safe.
class path_digests {
public:
    /// `engine::nothing_there` when `path` does not exist or is not readable.
    std::string of(const std::string& path);

private:
    struct known_file {
        struct stat status;
        std::string digest;
    };
    std::string of_file(const std::string& path, const struct stat& status);

    std::mutex mutex_;
    std::map<std::string, known_file> known_;  ///< a file that several tasks use is read once
};

}  // namespace weft::journal
