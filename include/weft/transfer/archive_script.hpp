// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/files.hpp>
#include <weft/transfer/stream_header.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::transfer {

// Both ends of a transfer are POSIX sh: a stream of files (see `stream_header`) that is hashed in passing.
// The result is the last line, `sha256 <hex>` or `error <text>`, never an exit status. The scripts need sh,
// tar, dd, stat, mkfifo, tee, find, readlink and openssl or sha256sum, from coreutils and GNU tar or from
// busybox.

/// Shell functions for the commands below, defined once in a shell that runs many transfers. Their input
/// comes in pieces, each `<count> <size>\n` followed by count times size bytes, and ends with `0 0\n`, or
/// with
/// `- 0\n` when the stream was cut; so a shell reads no byte of the next transfer.
const std::string& transfer_functions();

/// Writes `paths` below `directory` to stdout as a stream, with symbolic links replaced by their targets;
/// rejects a missing path and links that lead out of `directory`. The stream is followed by `marker`, a space
/// and the result line. The first `offset` bytes of a single file are omitted. A `pax` archive, whose times
/// have fractions of a second, needs GNU tar at both ends.
std::string send_command(std::string_view marker, const std::string& directory,
                         const std::vector<std::string>& paths, std::uint64_t offset, bool pax);

/// Unpacks the stream announced by `header` into `directory`, which is created with its parents, mode 0700;
/// rejects entries that are neither files nor directories. A failure leaves nothing behind, except the
/// received part of a large file. The result line is preceded by `marker` and a space.
std::string receive_command(std::string_view marker, const std::string& directory,
                            const stream_header& header);

/// The same as complete scripts for this machine, for archives only: the result goes to stderr, and the input
/// is not divided into pieces.
std::string send_script(const std::string& directory, const std::vector<std::string>& paths, bool pax);
std::string receive_script(const std::string& directory);

/// The digest in a script's result line; throws `place_error`, prefixed by `place`, when there is none.
engine::digest verdict(std::string_view place, std::string_view messages);

/// A shell word whose expansion contains all matches of `pattern`, maybe more: its only wildcard is `*`.
std::string glob_word(std::string_view pattern);

/// Whether the expansion of `glob_word` contains nothing but the matches of `pattern`.
bool is_same_in_shells(std::string_view pattern);

}  // namespace weft::transfer
