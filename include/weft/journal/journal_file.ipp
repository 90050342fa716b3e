// SPDX-License-Identifier: MIT
#pragma once

#include <weft/journal/history.hpp>
#include <weft/journal/journal_file.hpp>
#include <weft/os/scratch_files.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace weft::journal {

namespace detail {

WEFT_INLINE std::string whole_file(const os::descriptor& file) {
    std::string content;
    char some[1 << 16];
    for (ssize_t size;
         (size = ::pread(file.get(), some, sizeof some, static_cast<off_t>(content.size()))) != 0;) {
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) throw std::system_error(errno, std::generic_category(), "cannot read the journal");
        content.append(some, static_cast<std::size_t>(size));
    }
    return content;
}

WEFT_INLINE struct flock whole_lock() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

/// Locks the open file, not the process: the lock ends with the last descriptor, and others can query it
/// without taking it. Fails when another process holds it.
WEFT_INLINE bool lock(const os::descriptor& file) {
    struct flock lock = whole_lock();
    return ::fcntl(file.get(), F_OFD_SETLK, &lock) == 0;
}

/// A new directory entry is durable only after the directory is synced.
WEFT_INLINE void sync_directory(const std::string& path) {
    const os::descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory) (void)::fsync(directory.get());
}

WEFT_INLINE std::string held_by(const std::string& directory) {
    std::string who = "another process";
    std::string run = std::filesystem::path(directory).filename().string();
    try {
        const history past = read_history(journal_text(directory), directory);
        run = past.run;
        who = "process " + std::to_string(past.last().process) + " on " + past.last().machine;
    } catch (const std::exception&) {
        // The journal is still incomplete.
    }
    return "run " + run + " is under way in " + who + ": wait for it to end, or end it with `cancel " + run +
           "`";
}

}  // namespace detail

WEFT_INLINE std::string journal_path(const std::string& directory) {
    return directory + "/journal.jsonl";
}

WEFT_INLINE journal_file journal_file::create(const std::string& directory, std::string_view header) {
    journal_file made;
    made.path_ = journal_path(directory);
    try {
        os::make_private_directory(directory);
        made.file_.reset(
            ::open(made.path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!made.file_) throw std::system_error(errno, std::generic_category(), made.path_);
        if (!detail::lock(made.file_))
            throw std::system_error(errno, std::generic_category(), "cannot lock " + made.path_);
        made.append(header);
        made.sync();
    } catch (const std::exception& error) {
        // A directory without a complete journal would break later commands.
        std::error_code ignored;
        if (made.file_) std::filesystem::remove(made.path_, ignored);
        std::filesystem::remove(directory, ignored);
        throw journal_error(std::string("the run cannot be recorded: ") + error.what() +
                            "; choose another directory with --state, or use --no-journal");
    }
    const auto parent = std::filesystem::path(directory).parent_path();
    detail::sync_directory(directory);
    detail::sync_directory(parent.string());
    detail::sync_directory(parent.parent_path().string());
    return made;
}

WEFT_INLINE journal_file journal_file::take(const std::string& directory) {
    journal_file made;
    made.path_ = journal_path(directory);
    made.file_.reset(::open(made.path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
    if (!made.file_)
        throw journal_error("the journal " + made.path_ + " cannot be opened for writing (" +
                            std::strerror(errno) + ")");
    if (!detail::lock(made.file_)) throw journal_error(detail::held_by(directory));
    struct stat status {};
    if (::fstat(made.file_.get(), &status) != 0 || status.st_nlink == 0)
        throw journal_error("the journal " + made.path_ + " was removed by another process");
    return made;
}

WEFT_INLINE std::string journal_file::text() const {
    return detail::whole_file(file_);
}

WEFT_INLINE void journal_file::keep_only(std::size_t size) {
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0)
        throw journal_error("the torn line at the end of " + path_ + " cannot be removed (" +
                            std::strerror(errno) + ")");
}

WEFT_INLINE void journal_file::append(std::string_view lines) {
    const off_t before = ::lseek(file_.get(), 0, SEEK_END);
    std::error_code trouble;
    try {
        os::write_all(file_, lines);
    } catch (const std::system_error& error) {
        trouble = error.code();
    }
    if (!trouble) return;
    (void)!::ftruncate(file_.get(), before);
    throw std::system_error(trouble, "the journal " + path_ + " cannot be written");
}

WEFT_INLINE void journal_file::sync() {
    if (::fdatasync(file_.get()) != 0)
        throw std::system_error(errno, std::generic_category(),
                                "the journal " + path_ + " cannot be written");
}

WEFT_INLINE bool is_being_written(const std::string& directory) {
    const os::descriptor file(::open(journal_path(directory).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return false;
    struct flock lock = detail::whole_lock();
    return ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

WEFT_INLINE std::string journal_text(const std::string& directory) {
    const os::descriptor file(::open(journal_path(directory).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file)
        throw journal_error("the journal " + journal_path(directory) + " cannot be read (" +
                            std::strerror(errno) + ")");
    return detail::whole_file(file);
}

}  // namespace weft::journal
