// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/scratch_seal.hpp>
#include <weft/os/sha256.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <vector>

namespace weft::os {

namespace detail {

/// The state of an entry beyond its time.
WEFT_INLINE std::string unseen_content(const std::filesystem::path& path, const struct stat& status) {
    namespace fs = std::filesystem;
    try {
        if (S_ISREG(status.st_mode)) return sha256_of_file(path.string());
        if (S_ISLNK(status.st_mode)) return sha256_of(fs::read_symlink(path).string());
        if (!S_ISDIR(status.st_mode)) return "-";
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(path))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        std::string all;
        for (const std::string& name : names) all += name + '/';
        return sha256_of(all);
    } catch (const std::exception&) {
        return "unreadable";
    }
}

}  // namespace detail

WEFT_INLINE bool has_coarse_time(const std::string& file) {
    constexpr long finest = 10'000'000;  // exFAT counts hundredths; a finer clock rarely hits a multiple
    struct stat when {};
    return ::lstat(file.c_str(), &when) == 0 && when.st_mtim.tv_nsec % finest == 0;
}

WEFT_INLINE std::string seal_of(const std::string& directory, const std::string& mark,
                                const std::string& except) {
    namespace fs = std::filesystem;
    const std::string file = directory + '/' + mark;
    struct stat when {};
    if (!has_coarse_time(file) || ::lstat(file.c_str(), &when) != 0) return {};
    std::vector<std::string> found;
    const auto look = [&](const fs::path& path) {
        struct stat status {};
        if (::lstat(path.c_str(), &status) != 0 || status.st_mtim.tv_sec != when.st_mtim.tv_sec ||
            status.st_mtim.tv_nsec != when.st_mtim.tv_nsec)
            return;
        const std::string name = path.lexically_relative(directory).string();
        found.push_back(std::to_string(name.size()) + ':' + name + detail::unseen_content(path, status));
    };
    look(directory);
    for (fs::recursive_directory_iterator entry(directory), end; entry != end; ++entry) {
        if (entry.depth() == 0 && entry->path().filename() == except)
            entry.disable_recursion_pending();
        else
            look(entry->path());
    }
    std::sort(found.begin(), found.end());
    std::string all;
    for (const std::string& each : found) all += std::to_string(each.size()) + ':' + each;
    return sha256_of(all);
}

}  // namespace weft::os
