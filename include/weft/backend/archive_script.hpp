// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/run/files.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace weft::backend {

// The two ends of a transfer are POSIX sh scripts, the same for this machine and for a host: a stream of
// files is a tar archive, hashed while it passes. The last line on stderr is the verdict: `sha256 <hex>` or
// `error <text>`; an exit status is not. They need sh, tar, mkfifo, tee, find, readlink and openssl or
// sha256sum, as coreutils, GNU tar and busybox have them.

/// Writes `paths` below `directory` to stdout, symbolic links replaced by what they name; refuses one that is
/// not there, and links that lead out of `directory`.
std::string send_script(const std::string& directory, const std::vector<std::string>& paths);

/// Unpacks stdin into `directory`, which it makes with its parents, mode 0700; refuses what is neither a file
/// nor a directory. After a failure nothing is left.
std::string receive_script(const std::string& directory);

/// The digest in a script's stderr; throws `place_error` with its error text in `place` when there is none.
engine::digest verdict(std::string_view place, std::string_view stderr_text);

/// `pattern` as a word that a shell expands: only `*`, `?` and bracket expressions keep their meaning.
std::string glob_word(std::string_view pattern);

}  // namespace weft::backend
