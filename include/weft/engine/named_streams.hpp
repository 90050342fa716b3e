// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/engine/backend.hpp>

namespace weft::engine {

// A task's stdout and stderr are files. The kernel opens a file anew when a task opens `/dev/stderr`, and
// empties it when that is for `>`: all that was there would be lost. It does not empty a pipe. So a task
// whose command names its streams as files writes to two pipes, each with a `cat` that appends to the file.
//
// The readers are outside of the task's process group and end with the last process that can write to their
// pipe. Nobody waits longer than `reader_grace` for those that a process keeps open which left the group.

/// Whether a task's command, or a variable of its environment, names files that are its own streams.
bool names_its_streams(const attempt& what);

}  // namespace weft::engine
