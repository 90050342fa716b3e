// SPDX-License-Identifier: MIT
// Writes scripts as files and runs a driver script over them.
#pragma once

#include <weft/os/process.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace support {

inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}
inline void write_file(const std::filesystem::path& file, std::string_view contents) {
    std::ofstream(file, std::ios::binary) << contents;
}

/// Runs `driver`, a script of `shell`, in `place`.
inline void run_driver(const std::vector<std::string>& shell, const std::filesystem::path& place,
                       std::string_view driver) {
    write_file(place / "driver", driver);
    weft::os::process_start start;
    start.arguments = shell;
    start.arguments.insert(start.arguments.end(), {"-c", ". ./driver", shell.front()});
    start.environment = weft::os::environment_with({{"LC_ALL", "C"}});
    start.directory = place.string();
    weft::os::process(start).reap();
}

}  // namespace support
