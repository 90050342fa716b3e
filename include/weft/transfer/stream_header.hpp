// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::transfer {

/// The first line of a stream of files. One regular file goes as it is; anything else as a tar archive:
///
///     file <size> <mode, octal> <modified, seconds> <nanoseconds> <bytes left out> <path, escaped>
///     tar
///
/// What is left out is the file's beginning, which is at the other end already. The line comes from a host,
/// which is not trusted with it: what `parse_header` returns is safe to use.
struct stream_header {
    bool file = false;
    std::uint64_t size = 0;
    unsigned mode = 0600;        ///< permission bits only
    std::int64_t modified = 0;   ///< seconds
    std::uint32_t fraction = 0;  ///< and nanoseconds, fewer than a second has
    std::uint64_t there = 0;     ///< bytes left out, at most `size`
    std::string path{};          ///< relative, below the directory that the stream is for
};

/// The line without its end.
std::string text_of(const stream_header& header);

/// None when the line is no header, or names a path that is absolute or leaves its directory.
std::optional<stream_header> parse_header(std::string_view line);

/// A file that was cut goes on at a multiple of this, and only where more than the least is there; it is
/// what `dd` on a host reads at a time.
inline constexpr std::uint64_t stream_block = 128 * 1024;
inline constexpr std::uint64_t least_to_go_on_with = 4u << 20;

/// No longer line is a header: paths have at most 4,096 bytes, each at most four characters here.
inline constexpr std::size_t longest_header = 20000;

/// `text` for `printf %b`: one line, or one word without spaces, whatever is in it.
std::string escape_line(std::string_view text);
std::string escape_word(std::string_view text);

/// Whether a relative path leads nowhere but below its directory.
bool stays_below(std::string_view path);

}  // namespace weft::transfer
