// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/files.hpp>
#include <weft/os/async.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/os/reactor.hpp>
#include <weft/transfer/stream_header.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace weft::transfer {

// This machine's end of a stream that is one file: no process is started for it. Both block, and throw
// `std::exception`; both return the SHA-256 of what went through.

/// A file that is ready to be sent.
struct sendable {
    os::descriptor file;
    stream_header header;
};

/// `path` below `directory` when it is a regular file and no symbolic link is on the way to it; none
/// otherwise.
std::optional<sendable> open_to_send(const std::string& directory, const std::string& path);

/// Writes the header and the file, without what is `there`, to `sink`.
std::string send_file(const sendable& what, os::pipe_writer& sink);

/// Takes the first line off a stream.
std::string read_header_line(os::pipe_reader& source);

/// Takes what follows the header into a new file below `directory`, which it makes, mode 0700, or behind what
/// is there. After a failure nothing is left, but of a large file whose stream was cut.
std::string receive_file(const std::string& directory, const stream_header& header, os::pipe_reader& source);

/// Leaves of a file that was cut as many bytes as a transfer can go on behind, and says how many.
std::uint64_t whole_blocks(const std::string& file);

/// Runs one of these on a thread of its own, since the other end may keep it waiting for as long as it likes;
/// throws `place_error`.
os::async<engine::digest> transfer_on_thread(os::reactor& loop, std::function<std::string()> work);

}  // namespace weft::transfer
