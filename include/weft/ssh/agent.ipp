// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/agent.hpp>
#include <weft/ssh/interruption.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace weft::ssh {

namespace detail {

// The agent protocol (draft-miller-ssh-agent). A message is preceded by its length in four bytes.
inline constexpr char agent_request_identities = 11;
inline constexpr char agent_identities_answer = 12;
inline constexpr std::size_t longest_agent_message = 256u << 10;

WEFT_INLINE std::string in_four_bytes(std::size_t number) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift & 255);
    return bytes;
}

/// Remove a number, or a length-prefixed string, from the front of a message; false when it is too short.
WEFT_INLINE bool take_number(std::string_view& message, std::size_t& number) {
    if (message.size() < 4) return false;
    number = 0;
    for (const char c : message.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(c);
    message.remove_prefix(4);
    return true;
}
WEFT_INLINE bool take_string(std::string_view& message, std::string& text) {
    std::size_t size = 0;
    if (!take_number(message, size) || message.size() < size) return false;
    text = message.substr(0, size);
    message.remove_prefix(size);
    return true;
}

/// Waits for `events` at a socket; false when the wait is interrupted or exceeds `patience` milliseconds
/// (negative: no limit).
WEFT_INLINE bool wait_for(int socket, short events, int interrupted, int patience = -1) {
    for (;;) {
        pollfd ends[] = {{interrupted, POLLIN, 0}, {socket, events, 0}};
        const int ready = ::poll(ends, 2, patience);
        if (ready < 0 && errno == EINTR) continue;
        return ready > 0 && ends[0].revents == 0;
    }
}

WEFT_INLINE bool send_message(int socket, std::string_view message, int interrupted) {
    std::string whole = in_four_bytes(message.size());
    whole += message;
    std::string_view rest = whole;
    while (!rest.empty()) {
        if (!wait_for(socket, POLLOUT, interrupted)) return false;
        const ssize_t sent = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
        if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

WEFT_INLINE bool receive_message(int socket, std::string& message, int interrupted, int patience = -1) {
    message.clear();
    std::size_t size = 4;
    bool has_size = false;
    while (message.size() < size) {
        if (!wait_for(socket, POLLIN, interrupted, patience)) return false;
        char some[4096];
        const ssize_t got = ::recv(socket, some, std::min(sizeof some, size - message.size()), MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got <= 0) return false;
        message.append(some, static_cast<std::size_t>(got));
        if (has_size || message.size() < size) continue;
        std::string_view number = message;
        take_number(number, size);
        if (size == 0 || size > longest_agent_message) return false;
        message.clear();
        has_size = true;
    }
    return true;
}

WEFT_INLINE os::descriptor connect_to_agent(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return {};
    std::memcpy(address.sun_path, path.data(), path.size());
    os::descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // A connect to a local socket completes at once or fails because the queue is full.
    if (!socket || ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return {};
    return socket;
}

}  // namespace detail

struct agent::server {
    std::thread thread{};
    server() = default;
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server() {
        if (thread.joinable()) thread.join();
    }
};

WEFT_INLINE agent::agent(const std::string& socket, const interruption& stop,
                         std::chrono::milliseconds patience)
    : stop_(stop), agent_(detail::connect_to_agent(socket)) {
    if (!agent_) return;
    std::string reply;
    answers_ =
        ask(std::string(1, detail::agent_request_identities), reply, static_cast<int>(patience.count()));
    if (!answers_) return;
    std::string_view rest = reply;
    if (!rest.starts_with(detail::agent_identities_answer)) return;
    rest.remove_prefix(1);
    std::size_t count = 0;
    if (!detail::take_number(rest, count)) return;
    for (identity one; count > 0; --count) {
        if (!detail::take_string(rest, one.key) || !detail::take_string(rest, one.comment)) return;
        identities_.push_back(one);
    }
}

WEFT_INLINE agent::~agent() {
    if (ours_) ::shutdown(ours_.get(), SHUT_RDWR);  // ends the thread, unless it waits for the agent
    if (agent_) ::shutdown(agent_.get(), SHUT_RDWR);
    server_.reset();
}

WEFT_INLINE bool agent::ask(std::string_view request, std::string& reply, int patience) const {
    return detail::send_message(agent_.get(), request, stop_.descriptor()) &&
           detail::receive_message(agent_.get(), reply, stop_.descriptor(), patience);
}

WEFT_INLINE int agent::serve(std::vector<identity> keys) {
    int ends[2];
    if (!agent_ || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    ours_.reset(ends[0]);
    os::descriptor theirs(ends[1]);
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        server_ = std::make_unique<server>();
        server_->thread = std::thread([this, keys = std::move(keys)] { answer_requests(keys); });
    } catch (const std::system_error&) {
        theirs.reset();
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return theirs.release();
}

/// Runs on its own thread, because libssh blocks until the answers arrive.
WEFT_INLINE void agent::answer_requests(const std::vector<identity>& keys) const {
    try {
        std::string request;
        std::string reply;
        while (detail::receive_message(ours_.get(), request, stop_.descriptor())) {
            if (request.front() == detail::agent_request_identities) {
                reply = detail::agent_identities_answer + detail::in_four_bytes(keys.size());
                for (const identity& one : keys)
                    for (const std::string* const text : {&one.key, &one.comment})
                        reply += detail::in_four_bytes(text->size()) + *text;
            } else if (!ask(request, reply)) {
                break;
            }
            if (!detail::send_message(ours_.get(), reply, stop_.descriptor())) break;
        }
    } catch (const std::exception&) {  // out of memory
    }
    ::shutdown(ours_.get(), SHUT_RDWR);  // libssh must not wait for a missing answer
}

}  // namespace weft::ssh
