// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace weft::ssh {

class interruption;

/// A TCP connection could not be made; the text is the system's error message.
class connect_error : public std::runtime_error {
public:
    enum class kind {
        unresolved,   ///< the name has no address
        refused,      ///< no process listens on the port
        no_answer,    ///< within the limit
        unreachable,  ///< there is no route
        interrupted,
        other,
    };
    connect_error(kind type, const std::string& why) : std::runtime_error(why), is(type) {}
    kind is;
};

/// The target of a TCP connection and its options.
struct tcp_target {
    std::string host;
    unsigned port = 22;
    std::string family;        ///< any, inet, inet6, as in ssh_config(5)
    std::string bind_address;  ///< local address; empty: any
    std::chrono::milliseconds limit{10000};
};

/// Connects to the first of the host's addresses that answers; the socket is non-blocking, with TCP_NODELAY.
/// Blocks until `stop` is requested (which does not interrupt the name lookup) and for `limit` per address.
/// Throws `connect_error`.
os::descriptor connect_tcp(const tcp_target& target, const interruption& stop);

}  // namespace weft::ssh
