// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>

#include <cstdint>
#include <string>

namespace weft {

/// How a host that a workflow names is reached. Everything that is empty comes from `~/.ssh/config` or its
/// default.
struct ssh_host {
    std::string
        address;  ///< name, address or alias of ~/.ssh/config; empty: the workflow's own name for the host
    std::string user{};
    std::uint16_t port = 0;
    std::string identity{};  ///< private key file; `~/` is expanded
    std::string known_hosts{};
    std::string scratch{};     ///< base directory of scratch there; empty: `options::scratch`
    unsigned slots = 0;        ///< tasks at a time; 0: one per processor of the host
    std::uint64_t memory = 0;  ///< bytes that tasks may declare together; 0: all that the host has
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
    std::chrono::milliseconds deadline{};  ///< how long it may stay away; 0: `options::host_deadline`
};

}  // namespace weft
