// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/memory_pipe.hpp>

#include <string>
#include <vector>

namespace weft::transfer {

// This machine's end of a stream that is an archive: a script of archive_script.hpp, and what connects it
// with the stream. Both block, and throw `std::exception`; both return the SHA-256 of what went through.

/// Writes `paths` below `directory` to `sink`, with the header in front. A pax archive needs GNU tar.
/// Temporary files are made in `temporary`, or in the nearest directory above it that is there.
std::string send_archive(const std::string& directory, const std::vector<std::string>& paths, bool pax,
                         const std::string& temporary, os::pipe_writer& sink);

/// Whether the tar of this machine is GNU's. Blocks.
bool is_gnu_tar();

/// Takes what follows the header into `directory`, which it makes. After a failure nothing is left.
std::string receive_archive(const std::string& directory, os::pipe_reader& source);

}  // namespace weft::transfer
