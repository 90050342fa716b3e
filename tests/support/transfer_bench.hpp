// SPDX-License-Identifier: MIT
#pragma once

#include <weft/local/machine.hpp>
#include <weft/os/reactor.hpp>
#include <weft/transfer/archive_stager.hpp>

#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace support {

/// A stager with a directory to copy from, and the place of one to copy to, both on this machine.
struct transfer_bench {
    weft::os::reactor loop;
    weft::local::machine here{loop, "run-1"};
    weft::transfer::archive_stager stager;
    temporary_directory base;
    std::filesystem::path from;
    std::filesystem::path to;

    transfer_bench(const std::string& source, const std::string& target)
        : from(base.path() / source), to(base.path() / target) {
        std::filesystem::create_directory(from);
    }
    void write(const std::filesystem::path& name, const std::string& text) const {
        std::ofstream(from / name, std::ios::binary) << text;
    }
};

}  // namespace support
