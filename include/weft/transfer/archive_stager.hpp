// SPDX-License-Identifier: MIT
// transfer: moves files between two places and verifies them by digests at both ends.
// It knows the runtime's interfaces and the operating system, but no place: each is an `engine::files`.
// The executor calls it when a task's input is at another place than the task.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/files.hpp>

namespace weft::transfer {

/// Streams files through a pipe in this process's memory: nothing is written to this machine's disk, and both
/// ends hash the stream. A copy whose digests differ is repeated once.
class archive_stager final : public engine::stager {
public:
    os::async<void> copy(engine::files& from, std::string from_directory, std::vector<std::string> paths,
                         engine::files& to, std::string to_directory, std::stop_token stop) override;
};

}  // namespace weft::transfer
