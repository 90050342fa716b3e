// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace weft::os {

// Linking and copying files from one directory into another. Failures are exceptions that name the path.

/// Limit of directories that links may add to a staged directory: two links on each of 30 levels make 2^30.
inline constexpr std::uint64_t most_added_directories = 100'000;

/// Throws unless `directory`/`path` and everything below it can be staged: files, directories, and symbolic
/// links to such within `directory` that form no cycle and add at most `most_added_directories`. The message
/// names the first offender. transfer/tree_check_script.hpp is the counterpart for hosts.
void require_stageable(const std::string& directory, const std::string& path);

/// A file with a second name, and its state when that name was made.
struct linked_file {
    std::string path;  ///< the first name
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;  ///< seconds
    std::int64_t fraction = 0;  ///< and nanoseconds
};

/// Hard-links a file (symbolic links followed) as `to`, whose parent must exist; returns false, without an
/// effect, where the file system refuses hard links. A file that had a single name becomes read-only, because
/// writing to one name changes the other.
bool link_file(const std::string& from, const std::string& to, std::vector<linked_file>& linked);

/// Makes a file or directory appear as `to`, creating its parents: files by `link_file`, else by copies;
/// directories anew, with the modes and times of the originals. Blocks while it copies file contents.
void link_tree(const std::string& from, const std::string& to, std::vector<linked_file>& linked);

/// Like `link_tree`, with writable copies that share their blocks where the file system supports it.
void copy_tree(const std::string& from, const std::string& to);

/// The first file whose state has changed; nullptr when none has.
const linked_file* find_altered(const std::vector<linked_file>& files);

}  // namespace weft::os
