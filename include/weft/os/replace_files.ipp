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

/// A directory of this user that its mode closes to writing, open until this goes: what is moved out of it,
/// into it or with it changes it, and a moved directory changes its own entry `..`.
class opened_up {
public:
    explicit opened_up(const std::string& path)
        : directory_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
        struct stat status {};
        constexpr mode_t writable = S_IWUSR | S_IXUSR;
        if (!directory_ || ::fstat(directory_.get(), &status) != 0 || (status.st_mode & writable) == writable)
            return;
        if (::chmod(name().c_str(), (status.st_mode & 07777) | writable) == 0) mode_ = status.st_mode & 07777;
    }
    opened_up(const opened_up&) = delete;
    opened_up& operator=(const opened_up&) = delete;
    ~opened_up() {
        if (mode_) (void)!::chmod(name().c_str(), *mode_);
    }

private:
    /// Of the directory itself, whatever its path is by now.
    std::string name() const { return "/proc/self/fd/" + std::to_string(directory_.get()); }

    descriptor directory_;
    std::optional<mode_t> mode_;
};

WEFT_INLINE std::string parent_of(const std::string& path) {
    return std::filesystem::path(path).parent_path().string();
}

/// `renameat2` with `flags`; false, with errno, when it fails.
WEFT_INLINE bool move_entry(const std::string& from, const std::string& to, unsigned flags) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) return true;
    if (errno != EACCES && errno != EPERM) return false;
    const opened_up around_from(parent_of(from)), around_to(parent_of(to)), moved(from), replaced(to);
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
}

/// Gives what is at `from` the name `to`, which may be taken.
WEFT_INLINE void put_in_place(const std::string& from, const std::string& to, const std::string& trash) {
    struct stat old {};
    if (::lstat(to.c_str(), &old) == 0) {
        if (move_entry(from, to, RENAME_EXCHANGE)) return;
        // Some file systems cannot exchange two names, and then it takes two steps.
        if (errno != EINVAL && errno != ENOSYS) fail("cannot replace", to);
        if (!move_entry(to, trash, 0)) fail("cannot replace", to);
    }
    if (!move_entry(from, to, 0)) fail("cannot bring home", to);
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
            const detail::opened_up around(detail::parent_of(path));
            fs::create_directories(path, error);
        }
        if (error) throw std::system_error(error, "cannot make the directory '" + path + "'");
    };
    have_directory(to);
    have_directory(trash);
    for (const path_below& one : arrived) {
        const std::string here = one.directory + '/' + one.path;
        const std::string there = to + '/' + one.path;
        struct stat status {};
        if (::lstat(here.c_str(), &status) != 0)
            throw std::runtime_error("'" + one.path + "' did not arrive");
        have_directory(detail::parent_of(there));
        detail::put_in_place(here, there, unused());
    }
    for (const std::string& path : stale) {
        const std::string there = to + '/' + path;
        if (!detail::move_entry(there, unused(), 0) && errno != ENOENT) detail::fail("cannot remove", there);
    }
}

}  // namespace weft::os
