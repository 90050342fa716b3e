// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/stream_header.hpp>
#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weft::backend {

namespace detail {

/// What is read ahead of a stream, and of what came from a host for a reader here: 256 KiB gave the best
/// throughput of 16 KiB to 1 MiB.
inline constexpr std::size_t stream_buffer = 256 * 1024;

}  // namespace detail

/// A stream of files that goes to a host or comes from there.
struct transfer {
    enum class direction { to_host, from_host };
    direction way = direction::to_host;
    std::string directory;
    std::vector<std::string> paths{};         ///< from the host: what of `directory`
    std::uint64_t there = 0;                  ///< from the host: bytes of the only file to leave out
    os::descriptor data{};                    ///< this process's end of the stream, non-blocking
    std::function<void(std::string)> done{};  ///< gets the verdict's line

    // To the host: what was read of the data so far.
    std::string read{};
    std::optional<stream_header> header{};
    bool read_all = false;
    os::descriptor aside{};  ///< a file with what comes before the rest of the data
    std::uint64_t aside_size = 0;
    std::uint64_t aside_read = 0;

    /// Reads up to about `enough` bytes ahead, as far as there are any now.
    void read_ahead(std::size_t enough);
    /// Takes from its sender what there is now, to keep it in a file until it can go to the host: a sender
    /// that is not waited for gives its own channel free. Throws `std::system_error`.
    void set_aside();
    /// Whether the header is there, or never will be; then a channel may be given to it.
    bool begun() const { return way == direction::from_host || header || read_all; }
};

}  // namespace weft::backend
