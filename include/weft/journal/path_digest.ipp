// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/recorder.hpp>
#include <weft/journal/path_digest.hpp>
#include <weft/os/sha256.hpp>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace weft::journal {

namespace detail {

/// 128 bits suffice to distinguish the parts of a task.
WEFT_INLINE std::string part_digest(std::string_view text) {
    return os::sha256_of(text).substr(0, 32);
}

/// Appends `text` with its length, so that different lists never give the same result.
WEFT_INLINE void add_text(std::string& to, std::string_view text) {
    to += std::to_string(text.size());
    to += ':';
    to += text;
}

/// The file at `path`, or all files below it, each with mode and contents.
WEFT_INLINE std::string digest_of_tree(const std::filesystem::path& path, const std::string& name) {
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    if (fs::is_directory(path))
        for (const auto& each : fs::recursive_directory_iterator(path)) files.push_back(each.path());
    else
        files.push_back(path);
    std::sort(files.begin(), files.end());
    std::string all;
    for (const fs::path& file : files) {
        add_text(all, name + '/' + file.lexically_relative(path).string());
        const auto mode = fs::status(file).permissions();
        add_text(all, std::to_string(static_cast<unsigned>(mode)));
        if (fs::is_regular_file(file)) add_text(all, os::sha256_of_file(file.string()));
    }
    return all;
}

/// The most entries read from a directory parameter: a walk of a whole disk would take too long.
inline constexpr std::size_t most_entries = 100000;

/// Whether a write right now could leave the timestamp unchanged: some file systems have a resolution of one
/// second (FAT: two).
WEFT_INLINE bool is_recent(const struct stat& status) {
    return std::time(nullptr) - status.st_mtim.tv_sec <= 2;
}

WEFT_INLINE auto identity(const struct stat& status) {
    return std::tuple(status.st_dev, status.st_ino, status.st_mode, status.st_size, status.st_mtim.tv_sec,
                      status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

/// The entries of a directory: names, kinds, sizes, times, and the targets of links. Includes the contents of
/// files whose timestamps are recent and coarse.
WEFT_INLINE std::string listing_of(const std::filesystem::path& directory) {
    namespace fs = std::filesystem;
    std::vector<std::string> entries;
    std::error_code error;
    fs::recursive_directory_iterator each(directory, fs::directory_options::skip_permission_denied, error);
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
        if (entries.size() == most_entries) break;
        struct stat status {};
        if (::lstat(each->path().c_str(), &status) != 0) continue;
        std::string& entry = entries.emplace_back();
        add_text(entry, each->path().lexically_relative(directory).string());
        add_text(entry, std::to_string(status.st_mode));
        if (S_ISLNK(status.st_mode)) add_text(entry, fs::read_symlink(each->path(), error).string());
        if (!S_ISREG(status.st_mode)) continue;
        add_text(entry, std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
                            std::to_string(status.st_mtim.tv_nsec));
        if (status.st_mtim.tv_nsec == 0 && is_recent(status))
            add_text(entry, os::sha256_of_file(each->path().string()));
    }
    std::sort(entries.begin(), entries.end());
    std::string all = "directory";
    for (const std::string& entry : entries) add_text(all, entry);
    return all;
}

}  // namespace detail

WEFT_INLINE std::string path_digests::of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return engine::nothing_there;
    try {
        if (S_ISREG(status.st_mode)) return of_file(path, status);
        if (S_ISDIR(status.st_mode)) return detail::part_digest(detail::listing_of(path));
    } catch (const std::exception&) {
        return engine::nothing_there;  // the task that reads it reports the error
    }
    return "no file";  // a device or a pipe has no contents until it is read
}

WEFT_INLINE std::string path_digests::of_file(const std::string& path, const struct stat& status) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(path);
        if (found != known_.end() && detail::identity(found->second.status) == detail::identity(status))
            return found->second.digest;
    }
    const bool recent = detail::is_recent(status);
    std::string digest = os::sha256_of_file(path).substr(0, 32);
    const std::lock_guard lock(mutex_);
    if (!recent) known_.insert_or_assign(path, known_file{status, digest});
    return digest;
}

}  // namespace weft::journal
