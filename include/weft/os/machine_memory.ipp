// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/machine_memory.hpp>

#include <algorithm>
#include <fstream>
#include <string>

namespace weft::os {

WEFT_INLINE std::uint64_t machine_memory() {
    std::uint64_t bytes = 0;
    std::ifstream table("/proc/meminfo");
    for (std::string word; table >> word;) {
        if (word != "MemTotal:") continue;
        table >> bytes;
        bytes *= 1024;
        break;
    }
    // `0::/path` is the group in version 2; the limits of its parent groups apply too.
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        if (!line.starts_with("0::/")) continue;
        for (std::string group = line.substr(3);; group.erase(group.rfind('/'))) {
            std::uint64_t limit = 0;  // the file contains `max` when there is no limit
            if (std::ifstream("/sys/fs/cgroup" + group + "/memory.max") >> limit && limit != 0)
                bytes = bytes == 0 ? limit : std::min(bytes, limit);
            if (group.empty()) break;
        }
    }
    return bytes;
}

}  // namespace weft::os
