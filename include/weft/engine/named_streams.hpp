// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>

namespace weft::engine {

// A task's stdout and stderr are files. When a task opens `/dev/stderr` with `>`, the kernel reopens and
// truncates the file, and earlier output is lost. A pipe is not truncated. So a task whose command names its
// streams as files writes to two pipes, each with a `cat` that appends to the file.
//
// The readers run outside the task's process group and end with the last writer of their pipe. A process that
// left the group can keep a pipe open; the wait for its reader is limited to `reader_grace`.

/// Whether a task's command or environment names the task's own streams as files.
bool names_its_streams(const attempt& what);

}  // namespace weft::engine
