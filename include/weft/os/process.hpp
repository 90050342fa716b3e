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

/// What a child process starts with. It gets only these descriptors, default signal handling, no blocked
/// signals, and a process group of its own.
struct process_start {
    std::vector<std::string> arguments;    ///< the first is the program, looked for in PATH
    std::vector<std::string> environment;  ///< `NAME=value`
    std::string directory;                 ///< to run in; empty: this process's
    int input = -1;                        ///< -1: /dev/null, also for the others
    int output = -1;
    int error = -1;
    bool own_session = false;  ///< leads a session too, apart from this process's terminal
};

/// How a process ended: an exit code, or the signal that ended it.
struct process_end {
    bool signalled = false;
    int code = 0;
};

/// A child process. It is not ended with the object: who starts one waits for it.
class process {
public:
    /// Starts it without copying this process's memory (posix_spawn). Throws `std::system_error` that names
    /// the program and what is wrong with it.
    explicit process(const process_start& how);

    /// The id of the process and of its group.
    pid_t id() const { return id_; }

    /// Waits until it has ended; the kernel tells (pidfd). Its zombie stays until `reap`, so that until then
    /// its id and its group's can't be those of another.
    async<void> ended(reactor& loop) const;
    /// The same on a thread that has nothing else to do.
    void wait() const;
    /// The same for a limited time; false when it has not ended by then.
    bool wait_until(std::chrono::steady_clock::time_point deadline) const;

    /// Frees the ended process and says how it ended.
    process_end reap();

private:
    pid_t id_ = -1;
    descriptor pidfd_;
};

/// This process's environment as `NAME=value`, without the variables `withheld`, with `changes` put over it.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& changes,
                                          const std::vector<std::string>& withheld = {});

}  // namespace weft::os
