// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::transfer {

/// The first line of a stream of files. A single regular file is sent as it is, anything else as a tar
/// archive:
///
///     file <size> <mode, octal> <modified, seconds> <nanoseconds> <offset> <path, escaped>
///     tar
///
/// The first `offset` bytes of the file are omitted, because the receiver has them. The line comes from an
/// untrusted host: every result of `parse_header` is safe to use.
struct stream_header {
    bool file = false;
    std::uint64_t size = 0;
    unsigned mode = 0600;        ///< permission bits only
    std::int64_t modified = 0;   ///< seconds
    std::uint32_t fraction = 0;  ///< and nanoseconds, less than a second
    std::uint64_t offset = 0;    ///< bytes omitted at the start, at most `size`
    std::string path{};          ///< relative to the target directory and below it
};

/// The line without its newline.
std::string text_of(const stream_header& header);

/// None when the line is not a header, or its path is absolute or leaves the target directory.
std::optional<stream_header> parse_header(std::string_view line);

/// An interrupted file continues at a multiple of `stream_block`, the block size of `dd` on a host, and only
/// if more than `least_to_continue` bytes have arrived.
inline constexpr std::uint64_t stream_block = 128 * 1024;
inline constexpr std::uint64_t least_to_continue = 4u << 20;

/// Longer lines are not headers: a path has at most 4,096 bytes, of which few need an escape.
inline constexpr std::size_t longest_header = 20000;

/// Escapes `text` for `printf %b` into one line, or into one word without spaces.
std::string escape_line(std::string_view text);
std::string escape_word(std::string_view text);

/// Whether a relative path stays below its directory.
bool stays_below(std::string_view path);

}  // namespace weft::transfer
