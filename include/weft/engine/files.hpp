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

/// What went through a stream of files: both ends must say the same.
struct digest {
    std::string sha256;  ///< 64 lower-case hexadecimal digits
    bool operator==(const digest&) const = default;
};

/// What a stream of files is to be like.
struct stream_form {
    std::uint64_t there = 0;  ///< bytes of a single file that are left out: the other end has them
    bool pax = false;         ///< an archive, if it is one, is of a kind that both ends know, see `knows_pax`
};

/// The files of one place. Directories are absolute, paths relative to them and already validated (no `..`).
/// All members are called on the reactor's thread and throw `place_error`.
class files {
public:
    virtual ~files() = default;

    /// The paths below `directory` that `pattern` names, in byte order. Without a glob it is the path
    /// itself, if it exists. `*` and `?` do not match a leading dot or a slash.
    virtual os::async<std::vector<std::string>> match(std::string directory, std::string pattern,
                                                      bool glob) = 0;

    /// Writes a stream of `paths` (files and whole directories) to `sink`. Symbolic links are replaced by
    /// what they name, and refused when that is not in `directory`. What is left out of the stream is not
    /// left out of the digest, which is returned.
    virtual os::async<digest> send(std::string directory, std::vector<std::string> paths, stream_form form,
                                   os::pipe_writer sink) = 0;

    /// Whether its tar writes and reads pax archives, whose times have fractions of a second. Not every tar
    /// does: busybox skips pax headers, and long names with them.
    virtual os::async<bool> knows_pax() { co_return false; }

    /// Unpacks a stream from `source` into `directory`, which it makes, with its parents, mode 0700, or where
    /// `salvage` left the beginning of the file that comes. Only files and directories are accepted. Returns
    /// the digest of all that is there then.
    virtual os::async<digest> receive(std::string directory, os::pipe_reader source) = 0;

    /// After a `receive` that was cut: how many bytes of the file `path` are in `directory`, and nothing else
    /// is. What is not worth to go on with is removed: 0.
    virtual os::async<std::uint64_t> salvage(std::string directory, std::string path) = 0;

    /// Renames `from` to `to` at this place, making the parents of `to`; fails when `to` exists.
    virtual os::async<void> rename(std::string from, std::string to) = 0;

    /// As `os::replace_files`, of what arrived at the controlling machine.
    virtual os::async<void> replace(std::vector<os::path_below> /*arrived*/, std::string /*to*/,
                                    std::vector<std::string> /*stale*/, std::string /*trash*/) {
        co_return;
    }

    /// Removes a directory or file with all below it; nothing there is no error.
    virtual os::async<void> remove(std::string path) = 0;

    /// Removes a directory if nothing is in it. Two places may be one file system: what another left is not
    /// touched.
    virtual os::async<void> remove_if_empty(std::string directory) = 0;

    /// Whether the scratch directory of an attempt that ended is as the attempt left it: `.weft/exit` is
    /// there, and nothing beside `.weft` was changed, added or removed after it.
    virtual os::async<bool> intact(std::string /*scratch*/) { co_return false; }

    /// Of a directory that is not intact: the path below it of a file that was changed, or else of a
    /// directory, with a slash behind it, in which something was added or removed. Empty where that is not
    /// known.
    virtual os::async<std::string> first_change(std::string /*scratch*/) { co_return std::string(); }

    /// What the times of files do not tell of such a scratch directory: a digest of what has the time of the
    /// attempt's end, where times are so coarse that a change right after it would not be seen. Empty where
    /// they tell.
    virtual os::async<std::string> seal(std::string /*scratch*/) { co_return std::string(); }

    /// The last `bytes` bytes of a file; empty when there is none.
    virtual os::async<std::string> tail(std::string file, std::size_t bytes) = 0;

    /// Whether nothing more can be written to the disk below `directory`.
    virtual os::async<bool> is_full(std::string /*directory*/) { co_return false; }
};

/// Moves files between two places.
class stager {
public:
    virtual ~stager() = default;

    /// Copies `paths` below `from_directory` of `from` to `to_directory` of `to`, which does not exist yet
    /// and appears whole: unpacked under a temporary name, the digests of both ends compared, then renamed.
    /// A large file goes on from what is there when a place was cut off and is back.
    /// Throws `place_error`, also when `stop` is requested; then nothing is left behind.
    virtual os::async<void> copy(files& from, std::string from_directory, std::vector<std::string> paths,
                                 files& to, std::string to_directory, std::stop_token stop) = 0;
};

}  // namespace weft::engine
