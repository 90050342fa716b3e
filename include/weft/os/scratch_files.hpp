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

// Operations on directories that only their user may see. Failures are `std::system_error`, its text naming
// the path.

/// Makes `path` with mode 0700; fails when it exists. Missing parents are made, also 0700.
void make_private_directory(const std::string& path);

/// The same, but one that is there already is taken when it is a directory of this user that nobody else may
/// enter.
void have_private_directory(const std::string& path);

/// A new file, mode 0600, to write; fails when it exists.
descriptor create_private_file(const std::string& path);

/// The same for what several descriptors write: each write goes behind what is there.
descriptor create_private_log(const std::string& path);

/// `path`, or the nearest directory above it that is there.
std::string nearest_directory(std::string path);

/// A file without a name, in `directory` or in the nearest above it that is there, to write and read.
descriptor unnamed_file(const std::string& directory);

/// Writes all of `content`, however often the kernel takes only a part of it.
void write_all(const descriptor& file, std::string_view content);

/// Writes a new file, mode 0600, in one go.
void write_private_file(const std::string& path, std::string_view content);

/// What of `directory`, but for `except`, is younger than its file `mark`: a file, else a directory, with a
/// slash behind it; none when nothing is, "" when there is no such mark. Adding and removing an entry makes
/// its directory younger.
std::optional<std::string> changed_since(const std::string& directory, const std::string& mark,
                                         const std::string& except);

/// Whether nothing is.
bool unchanged_since(const std::string& directory, const std::string& mark, const std::string& except);

/// Removes a file or directory with all below it, also what its user made read-only; nothing there is no
/// error.
void remove_tree(const std::string& path);

/// The last `bytes` bytes of a file; empty when there is none.
std::string read_tail(const descriptor& file, std::size_t bytes);
std::string read_tail(const std::string& path, std::size_t bytes);

}  // namespace weft::os
