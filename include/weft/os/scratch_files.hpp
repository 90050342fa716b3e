// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::os {

// Files and directories that only their user may access. Failures are `std::system_error` whose text names
// the path.

/// Creates `path` with mode 0700; fails when it exists. Creates missing parents, also with 0700.
void make_private_directory(const std::string& path);

/// The same, but accepts an existing directory if it belongs to this user and no other user may access it.
void have_private_directory(const std::string& path);

/// Creates a file with mode 0600 for writing; fails when it exists.
descriptor create_private_file(const std::string& path);

/// The same for a file with several writers: each write is appended.
descriptor create_private_log(const std::string& path);

/// `path`, or its nearest existing parent directory.
std::string nearest_directory(std::string path);

/// A file without a name, readable and writable, in `directory` or its nearest existing parent.
descriptor unnamed_file(const std::string& directory);

/// Writes all of `content`, also when the kernel accepts it only in parts.
void write_all(const descriptor& file, std::string_view content);

/// Creates a file with mode 0600 and the given content.
void write_private_file(const std::string& path, std::string_view content);

/// The first entry of `directory`, except `except`, that is newer than its file `mark`: preferably a file,
/// otherwise a directory with a trailing slash. None when there is none, "" when `mark` is missing. Adding or
/// removing an entry makes its directory newer.
std::optional<std::string> changed_since(const std::string& directory, const std::string& mark,
                                         const std::string& except);

/// Whether `changed_since` finds no entry.
bool unchanged_since(const std::string& directory, const std::string& mark, const std::string& except);

/// Removes a file or directory with everything below it, including read-only directories; a missing path is
/// not an error.
void remove_tree(const std::string& path);

/// The last `bytes` bytes of a file; empty when it does not exist.
std::string read_tail(const descriptor& file, std::size_t bytes);
std::string read_tail(const std::string& path, std::size_t bytes);

}  // namespace weft::os
