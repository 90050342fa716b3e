// SPDX-License-Identifier: MIT
// transfer: moves files between two places, verified by digests at both ends.
// It knows the runtime's seams and the operating system, no place: each is an `engine::files`.
// The executor calls it when a task's input is at another place than the task.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/files.hpp>

namespace weft::transfer {

/// Streams a tar archive from one place to the other through a socket pair of this process: nothing of it
/// touches this machine's disk, and both ends hash what they saw. What arrives altered is sent once more.
class archive_stager final : public engine::stager {
public:
    os::async<void> copy(engine::files& from, std::string from_directory, std::vector<std::string> paths,
                         engine::files& to, std::string to_directory, std::stop_token stop) override;
};

}  // namespace weft::transfer
