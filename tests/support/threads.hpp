// SPDX-License-Identifier: MIT
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace support {

inline std::set<pid_t> threads_of_this_process() {
    std::set<pid_t> all;
    for (const auto& each : std::filesystem::directory_iterator("/proc/self/task"))
        all.insert(static_cast<pid_t>(std::stol(each.path().filename().string())));
    return all;
}

/// Whether a thread of this process waits for another thread without a timeout.
inline bool waits_without_limit(pid_t thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/syscall");
    long number = -1;  // unchanged for a running thread: the file contains the word `running`
    std::string address, operation, value, limit;
    file >> number >> address >> operation >> value >> limit;
    return number == SYS_futex && limit == "0x0";
}

}  // namespace support
