// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/transfer/stream_header.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::remote {

/// The result of a stream of files.
struct stream_end {
    std::string text;                               ///< the host's result line, or why there is none
    std::optional<engine::place_event> event = {};  ///< what happened, if there is no result line
};

/// A stream of files to or from a host.
struct file_stream {
    enum class direction { to_host, from_host };
    direction way = direction::to_host;
    std::string directory;
    std::function<void(stream_end)> done{};

    // For a stream from the host.
    std::vector<std::string> paths{};  ///< paths below `directory`
    std::uint64_t there = 0;           ///< bytes of a single file to omit
    bool pax = false;                  ///< whether an archive has times with fractions
    os::pipe_writer sink{};

    // For a stream to the host.
    os::pipe_reader source{};
    std::optional<transfer::stream_header> header{};
    bool headless = false;  ///< the stream has no valid header and never will

    /// Reads the header if it has arrived.
    void listen();
    /// Whether the header has arrived or never will; only then the stream may be given to a channel.
    bool begun() const { return way == direction::from_host || header || headless; }

    /// The next contiguous bytes after the header: at least `least`, or the rest at the end, then an empty
    /// view. None when they have not arrived yet.
    std::optional<std::string_view> next(std::size_t least);
    void used(std::size_t count);

    /// Moves the bytes that have arrived into a temporary file in `temporary` until they can go to the host:
    /// a sender that need not wait releases its own channel. Throws `std::system_error`.
    void set_aside(const std::string& temporary);
    /// Closes both pipes.
    void close();

private:
    bool complete() const { return !source || source.complete(); }
    void collect(std::size_t enough);
    std::string_view collected() const { return std::string_view(collected_).substr(collected_used_); }

    std::string collected_{};  ///< bytes copied from the stream to be contiguous
    std::size_t collected_used_ = 0;
    os::descriptor aside_{};  ///< a file with the bytes that precede the rest of the stream
    std::uint64_t aside_size_ = 0;
    std::uint64_t aside_read_ = 0;
};

}  // namespace weft::remote
