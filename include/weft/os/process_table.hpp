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

// These functions read all of /proc: call them through `reactor::blocking`, not on the reactor's thread.

/// The processes of a process group, without zombies.
std::vector<pid_t> processes_in_group(pid_t group);

/// The live processes of this user whose initial environment contains `entry` (`NAME=value`).
std::vector<pid_t> processes_with(std::string_view entry);

/// Whether the initial environment of a process contains `entry`.
bool environment_has(pid_t id, std::string_view entry);

/// The start time of a process in kernel ticks since boot; empty when the process does not exist. Together
/// with `boot_id` it distinguishes a process from a later one with the same id.
std::string process_start_time(pid_t id);

/// The id of the current boot of this machine; empty when the kernel does not report it.
std::string boot_id();

/// Whether a process belongs to a group whose leader has been reaped. While the group has members its id is
/// not reused; a process with that id therefore leads a later group.
bool is_left_of_group(pid_t id, pid_t group);

/// Ends processes that are not children of this process: TERM, then KILL after `grace`; returns when all have
/// ended. An id may have been reused since it was found, so `is_meant` is asked again once a pidfd pins the
/// process.
async<void> end_processes(reactor& loop, std::vector<pid_t> processes, std::chrono::milliseconds grace,
                          std::function<bool(pid_t)> is_meant);

}  // namespace weft::os
