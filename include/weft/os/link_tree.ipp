// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/link_tree.hpp>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace weft::os {

namespace detail {

[[noreturn]] WEFT_INLINE void fail_with(const std::string& problem, const std::string& path) {
    throw std::system_error(errno, std::generic_category(), problem + " '" + path + "'");
}

/// Traverses a tree as a program that follows its links would, but visits each directory once.
class stageable_tree {
public:
    explicit stageable_tree(const std::string& directory)
        : directory_(directory), root_(std::filesystem::canonical(directory)) {}

    void require(const std::filesystem::path& path) {
        if (visit(path).added > most_added_directories)
            refuse(path, ("a directory to which links add more than " +
                          std::to_string(most_added_directories) + " others")
                             .c_str());
    }

private:
    using identity = std::pair<dev_t, ino_t>;
    /// Counts of directories, itself included, with links followed; capped at `enough`.
    struct size {
        std::uint64_t all = 0;
        std::uint64_t added = 0;  ///< by links
    };

    size visit(const std::filesystem::path& path) {
        struct stat status {};
        const std::filesystem::path whole = root_ / path;
        if (::lstat(whole.c_str(), &status) != 0)
            throw std::runtime_error("there is no '" + path.string() + "' in " + directory_);
        // A directory on the path may be a link too.
        std::error_code error;
        const std::filesystem::path real = std::filesystem::canonical(whole, error);
        if (error) refuse(path, "a dangling symbolic link");
        if (!is_inside(real)) refuse(path, "a symbolic link that leads out of it");
        return visit_real(real, path);
    }

    bool is_inside(const std::filesystem::path& real) const {
        return std::mismatch(root_.begin(), root_.end(), real.begin(), real.end()).first == root_.end();
    }

    [[noreturn]] void refuse(const std::filesystem::path& path, const char* problem) const {
        throw std::runtime_error("'" + path.string() + "' in " + directory_ + " is " + problem);
    }

    /// `real` contains no link; `path` is the path by which the traversal reached it.
    size visit_real(const std::filesystem::path& real, const std::filesystem::path& path) {
        struct stat status {};
        if (::lstat(real.c_str(), &status) != 0) fail_with("cannot access", real.string());
        if (S_ISREG(status.st_mode)) return {};
        if (S_ISSOCK(status.st_mode)) refuse(path, "a socket");
        if (S_ISFIFO(status.st_mode)) refuse(path, "a fifo");
        if (!S_ISDIR(status.st_mode)) refuse(path, "a device");
        const identity directory{status.st_dev, status.st_ino};
        if (ancestors_.count(directory) != 0)
            refuse(path, "a symbolic link whose directory leads back to it");
        if (const auto known = visited_.find(directory); known != visited_.end()) return known->second;
        ancestors_.insert(directory);
        size whole{1, 0};
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(real))
            if (entry.symlink_status().type() != std::filesystem::file_type::regular)
                names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        for (const std::string& name : names) {
            const std::filesystem::path below = (real / name).lexically_relative(root_);
            const bool is_link = std::filesystem::is_symlink(real / name);
            const size part = is_link ? visit(below) : visit_real(real / name, below);
            whole.all = std::min(whole.all + part.all, enough);
            whole.added = std::min(whole.added + (is_link ? part.all : part.added), enough);
        }
        ancestors_.erase(directory);
        return visited_[directory] = whole;
    }

    const std::string& directory_;
    std::filesystem::path root_;
    static constexpr std::uint64_t enough = std::uint64_t{1} << 40;
    std::map<identity, size> visited_;
    std::set<identity> ancestors_;  ///< the directories on the path to the current one
};

WEFT_INLINE void copy_one(const std::string& from, const std::string& to, bool writable) {
    const descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!source || ::fstat(source.get(), &status) != 0) fail_with("cannot read", from);
    const descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!target && errno == EEXIST) return;
    if (!target) fail_with("cannot create the file", to);
    if (::ioctl(target.get(), FICLONE, source.get()) != 0)
        std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
    const mode_t mode = (status.st_mode & 0777u) | (writable ? 0200u : 0u);
    const struct timespec times[2] = {status.st_atim, status.st_mtim};
    if (::fchmod(target.get(), mode) != 0) fail_with("cannot set the mode of", to);
    ::futimens(target.get(), times);
}

/// Directories get the modes and times of their originals once their contents are complete.
template <class File>
void each_file(const std::string& from, const std::string& to, bool writable, const File& file) {
    namespace fs = std::filesystem;
    if (!fs::is_directory(from)) return file(from, to);
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(from))
        each_file(entry.path().string(), to + '/' + entry.path().filename().string(), writable, file);
    struct stat status {};
    if (::stat(from.c_str(), &status) != 0) fail_with("cannot access", from);
    const struct timespec times[2] = {status.st_atim, status.st_mtim};
    if (::chmod(to.c_str(), (status.st_mode & 0777u) | (writable ? 0200u : 0u)) != 0)
        fail_with("cannot set the mode of", to);
    ::utimensat(AT_FDCWD, to.c_str(), times, 0);
}

}  // namespace detail

WEFT_INLINE void require_stageable(const std::string& directory, const std::string& path) {
    detail::stageable_tree(directory).require(path);
}

WEFT_INLINE bool link_file(const std::string& from, const std::string& to, std::vector<linked_file>& linked) {
    struct stat status {};
    if (::stat(from.c_str(), &status) != 0) detail::fail_with("cannot access", from);
    if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        if (errno == EEXIST) return true;
        if (errno != EXDEV && errno != EPERM && errno != EMLINK && errno != EOPNOTSUPP)
            detail::fail_with("cannot link to", to);
        return false;
    }
    // With further names, the file may belong to a program that relies on its mode.
    if (status.st_nlink == 1 && (status.st_mode & 0222u) != 0) ::chmod(to.c_str(), status.st_mode & 07555u);
    linked.push_back({from, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec});
    return true;
}

WEFT_INLINE void link_tree(const std::string& from, const std::string& to, std::vector<linked_file>& linked) {
    std::filesystem::create_directories(std::filesystem::path(to).parent_path());
    detail::each_file(from, to, false, [&linked](const std::string& one, const std::string& as) {
        if (!link_file(one, as, linked)) detail::copy_one(one, as, false);
    });
}

WEFT_INLINE void copy_tree(const std::string& from, const std::string& to) {
    std::filesystem::create_directories(std::filesystem::path(to).parent_path());
    detail::each_file(from, to, true,
                      [](const std::string& one, const std::string& as) { detail::copy_one(one, as, true); });
}

WEFT_INLINE const linked_file* find_altered(const std::vector<linked_file>& files) {
    for (const linked_file& file : files) {
        struct stat now {};
        if (::stat(file.path.c_str(), &now) != 0 || now.st_ino != file.inode || now.st_size != file.size ||
            now.st_mtim.tv_sec != file.modified || now.st_mtim.tv_nsec != file.fraction)
            return &file;
    }
    return nullptr;
}

}  // namespace weft::os
