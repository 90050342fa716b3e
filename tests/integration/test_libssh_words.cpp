// SPDX-License-Identifier: MIT
// libssh has one error code for all ends of a connection, so weft examines the texts of two that a retry
// cannot fix. Each is provoked here for real: with a version of libssh that words them differently these
// tests fail.
#include "support/cutting_proxy.hpp"
#include "support/ssh_bench.hpp"

#include <weft/ssh/failure.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace std::chrono_literals;
using Catch::Contains;
using support::cutting_proxy;
using support::ssh_bench;

namespace {

/// A server behind a proxy that counts the connections.
struct words_bench : ssh_bench {
    cutting_proxy proxy{server.port(), {}};

    explicit words_bench(const std::string& extra) : ssh_bench(extra) {
        how = server.binding_through(proxy.port());
        how.scratch = base.path().string();
        how.deadline = 1500ms;
    }
};

/// Sends a greeting, replies with a message or nothing, and closes the connection.
class blunt_server {
public:
    explicit blunt_server(std::string words) : words_(std::move(words)), thread_([this] { serve(); }) {}
    blunt_server(const blunt_server&) = delete;
    blunt_server& operator=(const blunt_server&) = delete;
    ~blunt_server() {
        ends_ = true;
        support::loopback(port()).connect();
        thread_.join();
    }
    std::uint16_t port() const { return server_.port(); }
    int connections() const { return taken_; }

private:
    static bool is_packet(const std::string& bytes) {
        std::size_t length = 0;
        for (const char byte : bytes.substr(0, 4)) length = length << 8 | static_cast<unsigned char>(byte);
        return bytes.size() > 4 && bytes.size() >= 4 + length;
    }
    void serve() {
        for (;;) {
            const weft::os::descriptor client = server_.accept();
            if (ends_) return;
            ++taken_;
            const std::string greeting = "SSH-2.0-blunt\r\n";
            char heard[4096];
            (void)!::send(client.get(), greeting.data(), greeting.size(), MSG_NOSIGNAL);
            // libssh forgets an end that arrives while it has data to send, so its whole first packet is read
            // before.
            std::string first;
            for (ssize_t got = 1; got > 0 && !is_packet(first.substr(first.find('\n') + 1));) {
                got = ::read(client.get(), heard, sizeof heard);
                first.append(heard, got > 0 ? static_cast<std::size_t>(got) : 0);
            }
            if (words_.empty()) continue;
            (void)!::send(client.get(), words_.data(), words_.size(), MSG_NOSIGNAL);
            while (::read(client.get(), heard, sizeof heard) > 0) {
            }
        }
    }
    std::string words_;
    support::silent_server server_;
    std::atomic<bool> ends_{false};
    std::atomic<int> taken_{0};
    std::thread thread_;
};

/// An unencrypted SSH_MSG_DISCONNECT.
std::string disconnect_packet(const std::string& text) {
    const auto number = [](std::size_t value) {
        std::string bytes;
        for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xffu);
        return bytes;
    };
    const std::string payload = '\x01' + number(2) + number(text.size()) + text + number(0);
    const std::size_t padding = 4 + (8 - (5 + payload.size() + 4) % 8) % 8;
    return number(1 + payload.size() + padding) + static_cast<char>(padding) + payload +
           std::string(padding, '\0');
}

}  // namespace

TEST_CASE("a host without a common cipher is rejected at once, with both lists") {
    words_bench b("Ciphers aes128-cbc");
    const std::string said = b.refusal();
    CHECK_THAT(said, Contains("cannot connect (") && Contains("aes128-cbc"));
    CHECK(weft::ssh::has_nothing_in_common(said));
    CHECK(b.proxy.connections() == 1);
}

TEST_CASE("a host that ends the connection with a message is not tried again, and its message is shown") {
    const blunt_server server(disconnect_packet("not today"));
    ssh_bench b;
    b.how = b.server.binding_through(server.port());
    b.how.deadline = 1500ms;
    const std::string said = b.refusal();
    CHECK_THAT(said, Contains("cannot connect (") && Contains("not today"));
    CHECK(weft::ssh::host_ended(said));
    CHECK(server.connections() == 1);
}

TEST_CASE("a host that ends the connection without a message is tried again") {
    const blunt_server server("");
    ssh_bench b;
    b.how = b.server.binding_through(server.port());
    b.how.deadline = 1500ms;
    const std::string said = b.refusal();
    CHECK_THAT(said, Contains("cannot connect ("));
    CHECK_FALSE(weft::ssh::host_ended(said));
    CHECK_FALSE(weft::ssh::has_nothing_in_common(said));
    CHECK(server.connections() > 1);
}

TEST_CASE("a host that ends the login with a message is neither waited for nor tried again") {
    words_bench b("MaxAuthTries 1");
    b.how.connect_timeout = 30s;
    const auto begun = std::chrono::steady_clock::now();
    b.server.key("stranger");
    b.how.identity = b.server.file("stranger");
    const std::string said = b.refusal();
    CHECK_THAT(said, Contains("it ended the login (") && Contains("Too many authentication failures"));
    CHECK(weft::ssh::host_ended(said));
    CHECK(b.proxy.connections() == 1);
    CHECK(std::chrono::steady_clock::now() - begun < 20s);
}

TEST_CASE("a login without an answer of the host ends in time, with a message") {
    words_bench b(
        "AuthorizedKeysFile none\nAuthorizedKeysCommand /bin/sleep 30\nAuthorizedKeysCommandUser root");
    b.how.connect_timeout = 1s;
    CHECK_THAT(b.refusal(), Contains("no answer to the login within 1 s"));
}
