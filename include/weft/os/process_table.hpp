// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/duration.hpp>
#include <weft/os/async.hpp>
#include <weft/os/reactor.hpp>

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::os {

// Each of these reads all of /proc: not for the reactor's thread, see `reactor::blocking`.

/// The living processes of a process group (zombies are not).
std::vector<pid_t> processes_in_group(pid_t group);

/// The living processes of this user whose environment, as they were started, holds `entry` (`NAME=value`).
std::vector<pid_t> processes_with(std::string_view entry);

/// Whether the environment of a process, as it was started, holds `entry`.
bool environment_has(pid_t id, std::string_view entry);

/// When a process started, in the kernel's ticks since the boot; empty when there is none. With `boot_id` it
/// tells a process from a later one of the same number.
std::string process_start_time(pid_t id);

/// This boot of this machine; empty when the kernel does not say.
std::string boot_id();

/// Whether a process is in a group whose leader has been reaped. While anybody is in the group, no process
/// gets its number: one that has it leads a later group.
bool is_left_of_group(pid_t id, pid_t group);

/// Ends processes that are not this process's children: TERM, then KILL after `grace`; goes on when the
/// kernel says that they are gone. A number may have become another process's since it was found: `is_meant`
/// is asked once more when nothing can change that any more.
async<void> end_processes(reactor& loop, std::vector<pid_t> processes, std::chrono::milliseconds grace,
                          std::function<bool(pid_t)> is_meant);

}  // namespace weft::os
