// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/async.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/reactor.hpp>

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace weft::os {

/// The start parameters of a child process. It inherits only these descriptors, and starts with default
/// signal handling, no blocked signals and its own process group.
struct process_start {
    std::vector<std::string> arguments;    ///< the first is the program, looked for in PATH
    std::vector<std::string> environment;  ///< `NAME=value`
    std::string directory;                 ///< to run in; empty: this process's
    int input = -1;                        ///< -1: /dev/null, also for the others
    int output = -1;
    int error = -1;
    bool own_session = false;  ///< also start a new session, detached from the terminal
};

/// How a process ended: an exit code, or the signal that ended it.
struct process_end {
    bool signalled = false;
    int code = 0;
};

/// A child process. Destroying the object does not end the process: its owner must wait for it.
class process {
public:
    /// Starts the process without copying this process's memory (posix_spawn). Throws `std::system_error`
    /// that names the program and the reason.
    explicit process(const process_start& start);

    /// The id of the process and of its group.
    pid_t id() const { return id_; }

    /// Waits, by a pidfd, until the process has ended. It stays a zombie until `reap`, so that its id and its
    /// group's id are not reused before.
    async<void> ended(reactor& loop) const;
    /// The same, blocking.
    void wait() const;
    /// The same until `deadline`; false when the process is still running then.
    bool wait_until(std::chrono::steady_clock::time_point deadline) const;

    /// Frees the ended process and returns how it ended.
    process_end reap();

private:
    pid_t id_ = -1;
    descriptor pidfd_;
};

/// This process's environment as `NAME=value`, without the variables `withheld`, overridden by `changes`.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& changes,
                                          const std::vector<std::string>& withheld = {});

}  // namespace weft::os
