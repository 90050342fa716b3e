// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/scratch_files.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace weft::os {

namespace detail {

[[noreturn]] WEFT_INLINE void fail(const std::string& problem, const std::string& path) {
    throw std::system_error(errno, std::generic_category(), problem + " '" + path + "'");
}

WEFT_INLINE descriptor create_file(const std::string& path, int flags) {
    descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
    if (!file) fail("cannot create the file", path);
    return file;
}

}  // namespace detail

WEFT_INLINE void make_private_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0) return;
    if (errno != ENOENT) detail::fail("cannot make the directory", path);
    const auto parent = std::filesystem::path(path).parent_path();
    try {
        if (!parent.empty()) make_private_directory(parent.string());
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::file_exists) throw;  // another task of the run has created it
    }
    if (::mkdir(path.c_str(), 0700) != 0) detail::fail("cannot make the directory", path);
}

WEFT_INLINE void have_private_directory(const std::string& path) {
    try {
        return make_private_directory(path);
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::file_exists) throw;
    }
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) detail::fail("cannot access", path);
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0)
        throw std::runtime_error("'" + path + "' is not a directory that only its user may access");
}

WEFT_INLINE descriptor create_private_file(const std::string& path) {
    return detail::create_file(path, 0);
}

WEFT_INLINE descriptor create_private_log(const std::string& path) {
    return detail::create_file(path, O_APPEND);
}

WEFT_INLINE std::string nearest_directory(std::string path) {
    while (path.size() > 1 && ::access(path.c_str(), F_OK) != 0)
        path = std::filesystem::path(path).parent_path().string();
    return path;
}

WEFT_INLINE descriptor unnamed_file(const std::string& directory) {
    std::string path = nearest_directory(directory) + "/weft-XXXXXX";
    descriptor file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) detail::fail("cannot create the file", path);
    ::unlink(path.c_str());
    return file;
}

WEFT_INLINE void write_all(const descriptor& file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file.get(), content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category(), "cannot write");
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

WEFT_INLINE void write_private_file(const std::string& path, std::string_view content) {
    const descriptor file = create_private_file(path);
    try {
        write_all(file, content);
    } catch (const std::system_error& error) {
        throw std::system_error(error.code(), "cannot write the file '" + path + "'");
    }
}

WEFT_INLINE std::optional<std::string> changed_since(const std::string& directory, const std::string& mark,
                                                     const std::string& except) {
    namespace fs = std::filesystem;
    struct stat mark_status {};
    if (::lstat((directory + '/' + mark).c_str(), &mark_status) != 0) return std::string();
    struct stat status {};
    const auto younger = [&](const fs::path& path) {
        if (::lstat(path.c_str(), &status) != 0) return true;
        return std::pair(status.st_mtim.tv_sec, status.st_mtim.tv_nsec) >
               std::pair(mark_status.st_mtim.tv_sec, mark_status.st_mtim.tv_nsec);
    };
    std::optional<std::string> changed;
    if (younger(directory)) changed = "./";
    for (fs::recursive_directory_iterator entry(directory), end; entry != end; ++entry) {
        if (entry.depth() == 0 && entry->path().filename() == except) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!younger(entry->path())) continue;
        std::string path = entry->path().string().substr(directory.size() + 1);
        if (!S_ISDIR(status.st_mode)) return path;
        if (!changed || *changed == "./") changed = path + '/';
    }
    return changed;
}

WEFT_INLINE bool unchanged_since(const std::string& directory, const std::string& mark,
                                 const std::string& except) {
    return !changed_since(directory, mark, except);
}

WEFT_INLINE void remove_tree(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::remove_all(path, error);
    if (!error) return;
    // Add write permission to read-only directories, then try again.
    fs::permissions(path, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, error);
    for (fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error),
         end;
         !error && entry != end; entry.increment(error)) {
        if (entry->is_directory() && !entry->is_symlink())
            fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add);
    }
    fs::remove_all(path);
}

WEFT_INLINE std::string read_tail(const descriptor& file, std::size_t bytes) {
    const off_t size = file ? ::lseek(file.get(), 0, SEEK_END) : 0;
    if (size <= 0) return {};
    const off_t start = std::max<off_t>(0, size - static_cast<off_t>(bytes));
    std::string text(static_cast<std::size_t>(size - start), '\0');
    const ssize_t got = ::pread(file.get(), text.data(), text.size(), start);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
}

WEFT_INLINE std::string read_tail(const std::string& path, std::size_t bytes) {
    return read_tail(descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)), bytes);
}

}  // namespace weft::os
