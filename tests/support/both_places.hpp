// SPDX-License-Identifier: MIT
#pragma once

#include <weft/weft.hpp>

#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>

namespace support {

/// The place of a test that runs twice: here, and on a host over SSH.
template <bool Remote>
constexpr auto place() {
    if constexpr (Remote)
        return weft::on<"edge">;
    else
        return weft::cpus(1);
}

/// Options of a run with tasks here and on `edge`, a server of this machine, with its files in `base`.
struct both_places {
    sshd server;
    temporary_directory base;
    weft::options how;

    both_places() {
        weft::ssh_host machine = server.binding();
        machine.scratch = (base.path() / "edge").string();
        how.hosts = {{"edge", machine}};
        how.scratch = (base.path() / "here").string();
        how.results = (base.path() / "results").string();
        how.grace = std::chrono::milliseconds(300);
    }
};

}  // namespace support
