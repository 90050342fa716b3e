// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>

#include "support/loopback.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace support {

/// A proxy in front of a server that cuts its first connections, each after a number of bytes from the
/// server, and passes later ones through, one at a time.
class cutting_proxy {
public:
    cutting_proxy(std::uint16_t target, std::vector<std::size_t> cuts)
        : target_(target), cuts_(std::move(cuts)) {
        listener_.bind();
        if (::listen(listener_.socket.get(), 16) != 0) throw std::runtime_error("cannot listen");
        thread_ = std::thread([this] { serve(); });
    }
    cutting_proxy(const cutting_proxy&) = delete;
    cutting_proxy& operator=(const cutting_proxy&) = delete;
    ~cutting_proxy() {
        const std::uint64_t one = 1;
        (void)!::write(stop_.get(), &one, sizeof one);
        thread_.join();
    }

    std::uint16_t port() const { return listener_.port(); }
    std::size_t connections() const { return taken_; }

private:
    void serve() {
        for (;;) {
            pollfd ends[] = {{stop_.get(), POLLIN, 0}, {listener_.socket.get(), POLLIN, 0}};
            ::poll(ends, 2, -1);
            if (ends[0].revents != 0) return;
            const weft::os::descriptor client(
                ::accept4(listener_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
            loopback server(target_);
            if (!server.connect()) return;
            const std::size_t number = taken_++;
            relay(client.get(), server.socket.get(), number < cuts_.size() ? cuts_[number] : SIZE_MAX);
        }
    }
    void relay(int client, int server, std::size_t left) const {
        std::array<char, 65536> buffer{};
        while (left != 0) {
            pollfd ends[] = {{stop_.get(), POLLIN, 0}, {client, POLLIN, 0}, {server, POLLIN, 0}};
            ::poll(ends, 3, -1);
            if (ends[0].revents != 0) return;
            for (const bool from_server : {false, true}) {
                if (ends[from_server ? 2 : 1].revents == 0) continue;
                const std::size_t most = from_server ? std::min(left, buffer.size()) : buffer.size();
                const ssize_t got = ::read(from_server ? server : client, buffer.data(), most);
                if (got <= 0) return;
                if (::send(from_server ? client : server, buffer.data(), static_cast<std::size_t>(got),
                           MSG_NOSIGNAL) != got)
                    return;
                if (from_server && left != SIZE_MAX) left -= static_cast<std::size_t>(got);
            }
        }
    }

    std::uint16_t target_;
    std::vector<std::size_t> cuts_;
    loopback listener_{0};
    weft::os::descriptor stop_{::eventfd(0, EFD_CLOEXEC)};
    std::atomic<std::size_t> taken_{0};
    std::thread thread_;
};

}  // namespace support
