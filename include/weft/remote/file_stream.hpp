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

/// How a stream of files ended.
struct stream_end {
    std::string text;                               ///< the host's verdict, or why there is none
    std::optional<engine::place_event> event = {};  ///< why there is no verdict
};

/// A stream of files that goes to a host or comes from there.
struct file_stream {
    enum class direction { to_host, from_host };
    direction way = direction::to_host;
    std::string directory;
    std::function<void(stream_end)> done{};

    // From the host.
    std::vector<std::string> paths{};  ///< what of `directory`
    std::uint64_t there = 0;           ///< bytes of the only file to leave out
    bool pax = false;                  ///< an archive has times with fractions
    os::pipe_writer sink{};

    // To the host.
    os::pipe_reader source{};
    std::optional<transfer::stream_header> header{};
    bool headless = false;  ///< none came, nor will one

    /// Takes the header when it has come.
    void listen();
    /// Whether the header is there, or never will be; then a channel may be given to it.
    bool begun() const { return way == direction::from_host || header || headless; }

    /// What comes next behind the header, in one piece: at least so many bytes, or fewer, and then none, at
    /// the end. Nothing while that has not come.
    std::optional<std::string_view> next(std::size_t least);
    void used(std::size_t count);

    /// Takes from its sender what there is now, to keep it in a file until it can go to the host: a sender
    /// that is not waited for gives its own channel free. `where` is the file's directory. Throws
    /// `std::system_error`.
    void set_aside(const std::string& where);
    /// Its streams end.
    void close();

private:
    bool complete() const { return !source || source.complete(); }
    void collect(std::size_t enough);
    std::string_view collected() const { return std::string_view(collected_).substr(collected_used_); }

    std::string collected_{};  ///< from the stream, to be in one piece
    std::size_t collected_used_ = 0;
    os::descriptor aside_{};  ///< a file with what comes before the rest of the stream
    std::uint64_t aside_size_ = 0;
    std::uint64_t aside_read_ = 0;
};

}  // namespace weft::remote
