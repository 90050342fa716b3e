// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/interruption.hpp>
#include <weft/ssh/tcp_connect.hpp>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

namespace weft::ssh {

namespace detail {

struct addresses_delete {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using addresses = std::unique_ptr<addrinfo, addresses_delete>;

/// The addresses of a name; if there are none, `error` is a code of getaddrinfo.
WEFT_INLINE addresses addresses_of(const std::string& name, const std::string& port,
                                   const std::string& family, int& error) {
    addrinfo wanted{};
    wanted.ai_family = family == "inet" ? AF_INET : family == "inet6" ? AF_INET6 : AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    error = ::getaddrinfo(name.c_str(), port.empty() ? nullptr : port.c_str(), &wanted, &found);
    return addresses(error == 0 ? found : nullptr);
}

WEFT_INLINE connect_error connect_error_of(int code) {
    using kind = connect_error::kind;
    const char* const why = std::strerror(code);
    switch (code) {
        case ECONNREFUSED:
            return {kind::refused, why};
        case ETIMEDOUT:
            return {kind::no_answer, why};
        case ENETUNREACH:
        case EHOSTUNREACH:
        case ENETDOWN:
        case EHOSTDOWN:
            return {kind::unreachable, why};
        default:
            return {kind::other, why};
    }
}

/// Waits for a pending connect and returns its error code. Throws when it is interrupted.
WEFT_INLINE int finish_connecting(int socket, std::chrono::milliseconds limit, const interruption& stop) {
    using clock = std::chrono::steady_clock;
    const auto deadline = clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
        if (left <= 0) return ETIMEDOUT;
        pollfd ends[] = {{stop.descriptor(), POLLIN, 0}, {socket, POLLOUT, 0}};
        const int ready = ::poll(ends, 2, static_cast<int>(std::min<std::int64_t>(left, 60000)));
        if (ready < 0 && errno != EINTR) return errno;
        if (ready <= 0) continue;
        if (ends[0].revents != 0) throw connect_error(connect_error::kind::interrupted, "the run was ended");
        int code = 0;
        socklen_t size = sizeof code;
        return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
    }
}

/// Tries one address; on failure the error is in `code`.
WEFT_INLINE os::descriptor connect_to(const addrinfo& one, const tcp_target& target, const interruption& stop,
                                      int& code) {
    os::descriptor made(
        ::socket(one.ai_family, one.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, one.ai_protocol));
    const auto fail = [&code](int why) {
        code = why;
        return os::descriptor();
    };
    if (!made) return fail(errno);
    if (!target.bind_address.empty()) {
        int error = 0;
        const char* const family = one.ai_family == AF_INET ? "inet" : "inet6";
        const addresses own = addresses_of(target.bind_address, {}, family, error);
        if (!own) return fail(EADDRNOTAVAIL);
        if (::bind(made.get(), own->ai_addr, own->ai_addrlen) != 0) return fail(errno);
    }
    if (::connect(made.get(), one.ai_addr, one.ai_addrlen) != 0) {
        if (errno != EINPROGRESS && errno != EINTR) return fail(errno);
        code = finish_connecting(made.get(), target.limit, stop);
        if (code != 0) return {};
    }
    const int yes = 1;
    ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return made;
}

}  // namespace detail

WEFT_INLINE os::descriptor connect_tcp(const tcp_target& target, const interruption& stop) {
    int error = 0;
    const detail::addresses all =
        detail::addresses_of(target.host, std::to_string(target.port), target.family, error);
    if (!all) {
        const bool of_system = error == EAI_SYSTEM;
        throw connect_error(connect_error::kind::unresolved,
                            of_system ? std::strerror(errno) : ::gai_strerror(error));
    }
    int code = 0;
    for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next)
        if (os::descriptor made = detail::connect_to(*one, target, stop, code)) return made;
    throw detail::connect_error_of(code);
}

}  // namespace weft::ssh
