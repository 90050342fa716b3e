// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/replace_files.hpp>
#include <weft/os/scratch_files.ipp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace weft::os {

namespace detail {

/// Makes a directory of this user writable while this object lives: a rename changes the directories around
/// both names, and a moved directory's own entry `..`.
class made_writable {
public:
    explicit made_writable(const std::string& path)
        : directory_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
        struct stat status {};
        constexpr mode_t writable = S_IWUSR | S_IXUSR;
        if (!directory_ || ::fstat(directory_.get(), &status) != 0 || (status.st_mode & writable) == writable)
            return;
        if (::chmod(name().c_str(), (status.st_mode & 07777) | writable) == 0) mode_ = status.st_mode & 07777;
    }
    made_writable(const made_writable&) = delete;
    made_writable& operator=(const made_writable&) = delete;
    ~made_writable() {
        if (mode_) (void)!::chmod(name().c_str(), *mode_);
    }

private:
    /// A name that stays valid when the directory is moved.
    std::string name() const { return "/proc/self/fd/" + std::to_string(directory_.get()); }

    descriptor directory_;
    std::optional<mode_t> mode_;
};

WEFT_INLINE std::string parent_of(const std::string& path) {
    return std::filesystem::path(path).parent_path().string();
}

/// `renameat2` with `flags`; returns false, with errno set, on failure.
WEFT_INLINE bool move_entry(const std::string& from, const std::string& to, unsigned flags) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) return true;
    if (errno != EACCES && errno != EPERM) return false;
    const made_writable around_from(parent_of(from)), around_to(parent_of(to)), moved(from), replaced(to);
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
}

/// Moves `from` to `to`, which may exist.
WEFT_INLINE void put_in_place(const std::string& from, const std::string& to, const std::string& trash) {
    struct stat old {};
    if (::lstat(to.c_str(), &old) == 0) {
        if (move_entry(from, to, RENAME_EXCHANGE)) return;
        // Some file systems cannot exchange two names: move the old entry away first.
        if (errno != EINVAL && errno != ENOSYS) fail("cannot replace", to);
        if (!move_entry(to, trash, 0)) fail("cannot replace", to);
    }
    if (!move_entry(from, to, 0)) fail("cannot move a result to", to);
}

}  // namespace detail

WEFT_INLINE void replace_files(const std::vector<path_below>& arrived, const std::string& to,
                               const std::vector<std::string>& stale, const std::string& trash) {
    namespace fs = std::filesystem;
    std::size_t next = 0;
    const auto unused = [&] { return trash + '/' + std::to_string(next++); };
    const auto have_directory = [](const std::string& path) {
        std::error_code error;
        fs::create_directories(path, error);
        if (error == std::errc::permission_denied) {
            const detail::made_writable around(detail::parent_of(path));
            fs::create_directories(path, error);
        }
        if (error) throw std::system_error(error, "cannot make the directory '" + path + "'");
    };
    have_directory(to);
    have_directory(trash);
    for (const path_below& one : arrived) {
        const std::string source = one.directory + '/' + one.path;
        const std::string target = to + '/' + one.path;
        struct stat status {};
        if (::lstat(source.c_str(), &status) != 0)
            throw std::runtime_error("'" + one.path + "' did not arrive");
        have_directory(detail::parent_of(target));
        detail::put_in_place(source, target, unused());
    }
    for (const std::string& path : stale) {
        const std::string target = to + '/' + path;
        if (!detail::move_entry(target, unused(), 0) && errno != ENOENT)
            detail::fail("cannot remove", target);
    }
}

}  // namespace weft::os
