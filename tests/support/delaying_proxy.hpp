// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace support {

/// A long line on loopback: forwards a port to another one with the delay `delay` in each direction, whatever
/// the amount of data. Counts how often a side sent data after the other one had: a round trip is one such
/// turn of the client.
class delaying_proxy {
    using tcp = boost::asio::ip::tcp;
    using clock = std::chrono::steady_clock;

public:
    delaying_proxy(std::uint16_t target, std::chrono::milliseconds delay)
        : target_(boost::asio::ip::address_v4::loopback(), target),
          delay_(delay),
          acceptor_(loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        accept();
        thread_ = std::thread([this] { loop_.run(); });
    }
    delaying_proxy(const delaying_proxy&) = delete;
    delaying_proxy& operator=(const delaying_proxy&) = delete;
    ~delaying_proxy() {
        loop_.stop();
        thread_.join();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// How often the client sent data after the server had.
    unsigned turns() const { return turns_; }
    /// Bytes in both directions.
    std::uint64_t bytes() const { return bytes_; }

private:
    struct connection {
        tcp::socket client, server;
        bool server_spoke = true;
        explicit connection(boost::asio::io_context& loop) : client(loop), server(loop) {}
    };

    /// One direction of a connection.
    struct line : std::enable_shared_from_this<line> {
        std::shared_ptr<connection> both;
        tcp::socket &from, &to;
        std::chrono::milliseconds delay;
        boost::asio::steady_timer due;
        std::deque<std::pair<clock::time_point, std::string>> on_the_way{};  ///< an empty string is the end
        std::array<char, 256 * 1024> buffer{};
        bool writing = false;

        line(std::shared_ptr<connection> c, tcp::socket& a, tcp::socket& b, std::chrono::milliseconds d)
            : both(std::move(c)), from(a), to(b), delay(d), due(a.get_executor()) {}

        void read(delaying_proxy& owner, bool of_client) {
            from.async_read_some(boost::asio::buffer(buffer), [self = shared_from_this(), &owner, of_client](
                                                                  const auto& error, std::size_t got) {
                owner.bytes_ += got;
                if (of_client && got != 0 && std::exchange(self->both->server_spoke, false)) ++owner.turns_;
                if (!of_client && got != 0) self->both->server_spoke = true;
                self->on_the_way.emplace_back(clock::now() + self->delay,
                                              std::string(self->buffer.data(), error ? 0 : got));
                if (!self->writing) self->pass_on();
                if (!error) self->read(owner, of_client);
            });
        }
        void pass_on() {
            writing = !on_the_way.empty();
            if (!writing) return;
            due.expires_at(on_the_way.front().first);
            due.async_wait([self = shared_from_this()](const auto& stopped) {
                if (!stopped) self->write();
            });
        }
        void write() {
            boost::system::error_code ignored;
            if (on_the_way.front().second.empty()) {
                (void)to.shutdown(tcp::socket::shutdown_send, ignored);
                return;
            }
            boost::asio::async_write(to, boost::asio::buffer(on_the_way.front().second),
                                     [self = shared_from_this()](const auto& error, std::size_t) {
                                         self->on_the_way.pop_front();
                                         if (!error) self->pass_on();
                                     });
        }
    };

    void accept() {
        const auto both = std::make_shared<connection>(loop_);
        acceptor_.async_accept(both->client, [this, both](const auto& error) {
            if (error) return;
            accept();
            boost::system::error_code refused;
            both->server.connect(target_, refused);
            if (refused) return;
            both->client.set_option(tcp::no_delay(true));
            both->server.set_option(tcp::no_delay(true));
            std::make_shared<line>(both, both->client, both->server, delay_)->read(*this, true);
            std::make_shared<line>(both, both->server, both->client, delay_)->read(*this, false);
        });
    }

    boost::asio::io_context loop_;
    tcp::endpoint target_;
    std::chrono::milliseconds delay_;
    tcp::acceptor acceptor_;
    std::atomic<unsigned> turns_{0};
    std::atomic<std::uint64_t> bytes_{0};
    std::thread thread_;
};

}  // namespace support
