// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace weft::os {

// How files of one directory appear in another. Failures are exceptions whose text names the path.

/// How many directories links may add to one that is staged: two links in each of 30 levels would make 2^30.
inline constexpr std::uint64_t most_added_directories = 100'000;

/// Throws unless `directory`/`path` and all in it are files and directories, or symbolic links to such in
/// `directory` whose directory does not lead back to them, and which do not add too many: the first that is
/// not is named. transfer/tree_check_script.hpp is the same for a host.
void require_stageable(const std::string& directory, const std::string& path);

/// A file that has two names now, as it was when it got the second.
struct linked_file {
    std::string path;  ///< the first name
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;  ///< seconds
    std::int64_t fraction = 0;  ///< and nanoseconds
};

/// Makes one file (symbolic links followed) appear as `to` by a hard link; false where the file system
/// refuses one, and nothing is done. The parent of `to` is there. A file of which no other name is known is
/// made read-only: writing to one name of it would change the other.
bool link_file(const std::string& from, const std::string& to, std::vector<linked_file>& linked);

/// Makes a file or directory appear as `to`: files by `link_file`, else by copies; directories made anew,
/// with their modes and times. Parents of `to` are made. Copies whole files where it must.
void link_tree(const std::string& from, const std::string& to, std::vector<linked_file>& linked);

/// The same by copies that share their blocks where the file system can, and can be written to.
void copy_tree(const std::string& from, const std::string& to);

/// The first of the files that is not as it was; nullptr when all are.
const linked_file* find_altered(const std::vector<linked_file>& files);

}  // namespace weft::os
