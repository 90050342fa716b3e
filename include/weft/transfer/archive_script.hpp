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

// The two ends of a transfer are POSIX sh: a stream of files (see `stream_header`), hashed while it passes.
// The last line is the verdict: `sha256 <hex>` or `error <text>`; an exit status is not. They need sh, tar,
// dd, stat, mkfifo, tee, find, readlink and openssl or sha256sum, as coreutils, GNU tar and busybox have
// them.

/// What the commands below are made of: shell functions, defined once in the shell that runs many of them.
/// Their input comes in pieces, each `<count> <size>\n` and count times size bytes, and ends with `0 0\n`, or
/// with `- 0\n` when it was cut; so a shell takes no byte of what belongs to the next transfer.
const std::string& transfer_functions();

/// Writes `paths` below `directory` to stdout as a stream, symbolic links replaced by what they name; refuses
/// one that is not there, and links that lead out of `directory`. Behind the stream comes `marker`, a space
/// and the verdict's line. The first `there` bytes of a single file are left out.
/// A pax archive, whose times have fractions of a second, needs GNU tar at both ends.
std::string send_command(std::string_view marker, const std::string& directory,
                         const std::vector<std::string>& paths, std::uint64_t there, bool pax);

/// Takes what `header` announces into `directory`, which it makes with its parents, mode 0700; refuses what
/// is neither a file nor a directory. After a failure nothing is left, but of a large file that was cut. The
/// verdict's line has `marker` and a space in front.
std::string receive_command(std::string_view marker, const std::string& directory,
                            const stream_header& header);

/// The same as whole scripts for this machine, with the verdict on stderr, the input as it is, and only for
/// archives.
std::string send_script(const std::string& directory, const std::vector<std::string>& paths, bool pax);
std::string receive_script(const std::string& directory);

/// The digest in a script's messages; throws `place_error` with its error text in `place` when there is none.
engine::digest verdict(std::string_view place, std::string_view messages);

/// A word that any shell expands to all that `pattern` matches, and maybe more: it has no wildcard but `*`.
std::string glob_word(std::string_view pattern);

/// Whether that word is expanded to what the pattern matches and nothing else.
bool is_same_in_shells(std::string_view pattern);

}  // namespace weft::transfer
