// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>

#include <cstdint>
#include <string>

namespace weft {

/// How to reach a host that a workflow names. Empty members come from `~/.ssh/config` or have their default.
struct ssh_host {
    std::string
        address;  ///< name, address or alias of ~/.ssh/config; empty: the workflow's name for the host
    std::string user{};
    std::uint16_t port = 0;
    std::string identity{};  ///< private key file; `~/` is expanded
    std::string known_hosts{};
    std::string scratch{};     ///< base directory of scratch on the host; empty: `options::scratch`
    unsigned slots = 0;        ///< concurrent tasks; 0: one per processor of the host
    std::uint64_t memory = 0;  ///< total bytes that concurrent tasks may declare; 0: the host's memory
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
    std::chrono::milliseconds deadline{};  ///< how long it may be unreachable; 0: `options::host_deadline`
};

}  // namespace weft
