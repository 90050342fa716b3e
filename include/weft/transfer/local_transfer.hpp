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

// This machine's end of a stream of a single file, which needs no process. The functions block and throw
// `std::exception`; send and receive return the SHA-256 of the stream.

/// An open file and its header.
struct sendable {
    os::descriptor file;
    stream_header header;
};

/// Opens `path` below `directory` if it is a regular file and reached without symbolic links; none otherwise.
std::optional<sendable> open_to_send(const std::string& directory, const std::string& path);

/// Writes the header and the file, without its first `offset` bytes, to `sink`.
std::string send_file(const sendable& source, os::pipe_writer& sink);

/// Reads the first line of a stream.
std::string read_header_line(os::pipe_reader& source);

/// Writes the stream after the header into a new file below `directory`, which is created with mode 0700, or
/// appends it to the received part. A failure leaves nothing behind, except the part of a large file.
std::string receive_file(const std::string& directory, const stream_header& header, os::pipe_reader& source);

/// Truncates an interrupted file to a size at which a transfer can continue, and returns that size.
std::uint64_t whole_blocks(const std::string& file);

/// Runs `work`, one of these functions, on its own thread, since the other end may block it for any time.
/// Throws `place_error`.
os::async<engine::digest> transfer_on_thread(os::reactor& loop, std::function<std::string()> work);

}  // namespace weft::transfer
