// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace weft::ssh {

class interruption;

/// A TCP connection could not be made; the text is the system's reason.
class connect_error : public std::runtime_error {
public:
    enum class kind {
        unresolved,   ///< the name has no address
        refused,      ///< nobody listens there
        no_answer,    ///< within the limit
        unreachable,  ///< there is no way to it
        interrupted,
        other,
    };
    connect_error(kind what, const std::string& why) : std::runtime_error(why), is(what) {}
    kind is;
};

/// Where to, and how.
struct tcp_target {
    std::string host;
    unsigned port = 22;
    std::string family;        ///< any, inet, inet6, as ssh_config(5) has it
    std::string bind_address;  ///< of this machine; empty: any
    std::chrono::milliseconds limit{10000};
};

/// A connection to the first of the host's addresses that answers, non-blocking, with TCP_NODELAY. Blocks
/// until `stop` is requested (not while a name is looked up), and for `limit` at each address. Throws
/// `connect_error`.
os::descriptor connect_tcp(const tcp_target& target, const interruption& stop);

}  // namespace weft::ssh
