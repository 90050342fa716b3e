// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/memory_pipe.hpp>

#include <string>
#include <vector>

namespace weft::transfer {

// This machine's end of an archive stream: runs a script of archive_script.hpp and connects it with the
// stream. The functions block and throw `std::exception`; send and receive return the SHA-256 of the stream.

/// Writes `paths` below `directory` to `sink`, preceded by the header. A `pax` archive needs GNU tar.
/// Temporary files are created in `temporary`, or in its nearest existing parent.
std::string send_archive(const std::string& directory, const std::vector<std::string>& paths, bool pax,
                         const std::string& temporary, os::pipe_writer& sink);

/// Whether this machine's tar is GNU tar. Blocks.
bool is_gnu_tar();

/// Unpacks the stream after the header into `directory`, which is created. A failure leaves nothing behind.
std::string receive_archive(const std::string& directory, os::pipe_reader& source);

}  // namespace weft::transfer
