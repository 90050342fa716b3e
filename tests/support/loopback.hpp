// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace support {

/// A TCP socket bound to a port of a loopback address (127.0.0.1, or another one that ends in `host`); port
/// 0: any free port.
struct loopback {
    weft::os::descriptor socket;
    sockaddr_in address{};

    explicit loopback(std::uint16_t port, int flags = 0, unsigned host = 1)
        : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)) {
        if (!socket) throw std::runtime_error("no socket");
        address.sin_family = AF_INET;
        address.sin_port = ::htons(port);
        address.sin_addr.s_addr = ::htonl(0x7f000000u + host);
    }
    std::uint16_t port() const { return ::ntohs(address.sin_port); }
    bool connect() {
        return ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    void bind() {
        socklen_t size = sizeof address;
        const auto any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket.get(), any, size) != 0 || ::getsockname(socket.get(), any, &size) != 0)
            throw std::runtime_error("cannot bind a port of loopback");
    }
};

/// A port without a listener.
inline std::uint16_t free_port(unsigned host = 1) {
    loopback probe(0, 0, host);
    probe.bind();
    return probe.port();
}

/// A server that accepts connections and sends nothing.
class silent_server {
public:
    explicit silent_server(int queue = 5) : listening_(0) {
        listening_.bind();
        if (::listen(listening_.socket.get(), queue) != 0) throw std::runtime_error("cannot listen");
    }
    std::uint16_t port() const { return listening_.port(); }

    /// Waits for a connection.
    weft::os::descriptor accept() const {
        return weft::os::descriptor(::accept(listening_.socket.get(), nullptr, nullptr));
    }

private:
    loopback listening_;
};

/// A server with a full queue: connections get no answer, as with an unreachable address.
class deaf_server : public silent_server {
public:
    deaf_server() : silent_server(0) {
        for (int i = 0; i < 3; ++i)
            if (queued_.emplace_back(port(), SOCK_NONBLOCK).connect())
                throw std::logic_error("a connection was made at once");
    }

private:
    std::vector<loopback> queued_;
};

}  // namespace support
