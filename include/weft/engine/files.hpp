// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/async.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/os/replace_files.hpp>

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace weft::engine {

/// The digest of a file stream; both ends must compute the same.
struct digest {
    std::string sha256;  ///< 64 lower-case hexadecimal digits
    bool operator==(const digest&) const = default;
};

/// The format of a file stream.
struct stream_form {
    std::uint64_t there = 0;  ///< offset into a single file: the receiver already has the bytes before it
    bool pax = false;         ///< use the pax format for archives; both ends must support it, see `knows_pax`
};

/// The files of one place. Directories are absolute; paths are relative to them and validated (no `..`).
/// All members are called on the reactor's thread and throw `place_error`.
class files {
public:
    virtual ~files() = default;

    /// The paths below `directory` that match `pattern`, in byte order. Without `glob`, `pattern` is one
    /// path, returned if it exists. `*` and `?` do not match a leading dot or a slash.
    virtual os::async<std::vector<std::string>> match(std::string directory, std::string pattern,
                                                      bool glob) = 0;

    /// Writes a stream of `paths` (files and whole directories) to `sink`. Symbolic links are replaced by
    /// their targets, and rejected when the target is outside `directory`. The returned digest also covers
    /// the bytes that `form.there` skips.
    virtual os::async<digest> send(std::string directory, std::vector<std::string> paths, stream_form form,
                                   os::pipe_writer sink) = 0;

    /// Whether its tar reads and writes pax archives, whose timestamps have fractions of a second. Not every
    /// tar does: busybox skips pax headers and loses long names.
    virtual os::async<bool> knows_pax() { co_return false; }

    /// Unpacks a stream from `source` into `directory`. Creates it and its parents with mode 0700, or appends
    /// to the partial file that `salvage` left there. Accepts only files and directories. Returns the digest
    /// of the complete contents.
    virtual os::async<digest> receive(std::string directory, os::pipe_reader source) = 0;

    /// After an interrupted `receive`: how many bytes of the file `path` are in `directory`. Removes a
    /// partial file that is too small to resume, and all else, and then returns 0.
    virtual os::async<std::uint64_t> salvage(std::string directory, std::string path) = 0;

    /// Renames `from` to `to` at this place and creates the parents of `to`; fails when `to` exists.
    virtual os::async<void> rename(std::string from, std::string to) = 0;

    /// Like `os::replace_files`, for files that arrived at the controlling machine.
    virtual os::async<void> replace(std::vector<os::path_below> /*arrived*/, std::string /*to*/,
                                    std::vector<std::string> /*stale*/, std::string /*trash*/) {
        co_return;
    }

    /// Removes a directory or file recursively; a missing path is not an error.
    virtual os::async<void> remove(std::string path) = 0;

    /// Removes a directory if it is empty. Two places may share a file system: files of the other place stay.
    virtual os::async<void> remove_if_empty(std::string directory) = 0;

    /// Whether the scratch directory of an ended attempt is unchanged since its end: `.weft/exit` exists, and
    /// nothing outside `.weft` was changed, added or removed after it.
    virtual os::async<bool> intact(std::string /*scratch*/) { co_return false; }

    /// For a directory that is not intact: the relative path of a changed file, or, with a trailing slash, of
    /// a directory in which something was added or removed. Empty if unknown.
    virtual os::async<std::string> first_change(std::string /*scratch*/) { co_return std::string(); }

    /// A digest of the files whose timestamp equals the attempt's end. Needed where timestamps are so coarse
    /// that they would hide a change right after the end; empty elsewhere.
    virtual os::async<std::string> seal(std::string /*scratch*/) { co_return std::string(); }

    /// The last `bytes` bytes of a file; empty when the file does not exist.
    virtual os::async<std::string> tail(std::string file, std::size_t bytes) = 0;

    /// Whether the file system of `directory` is full.
    virtual os::async<bool> is_full(std::string /*directory*/) { co_return false; }
};

/// Moves files between two places.
class stager {
public:
    virtual ~stager() = default;

    /// Copies `paths` below `from_directory` of `from` to `to_directory` of `to`, which must not exist yet.
    /// It appears atomically: unpacked under a temporary name, renamed after the digests of both ends match.
    /// The transfer of a large file resumes at the bytes already received when a place reconnects.
    /// Throws `place_error`, also when `stop` is requested; no partial copy is left then.
    virtual os::async<void> copy(files& from, std::string from_directory, std::vector<std::string> paths,
                                 files& to, std::string to_directory, std::stop_token stop) = 0;
};

}  // namespace weft::engine
