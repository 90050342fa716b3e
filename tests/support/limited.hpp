// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>

namespace support {

#if defined(__SANITIZE_THREAD__)
inline constexpr bool thread_sanitizer = true;
#elif defined(__has_feature)
inline constexpr bool thread_sanitizer = __has_feature(thread_sanitizer);
#else
inline constexpr bool thread_sanitizer = false;
#endif

/// The address sanitizer reserves more address space than the limits of these tests allow.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool address_sanitizer = true;
#elif defined(__has_feature)
inline constexpr bool address_sanitizer = __has_feature(address_sanitizer);
#else
inline constexpr bool address_sanitizer = false;
#endif

inline void limit(int resource, rlim_t to) {
    const struct rlimit both { to, to };
    ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// Limits the threads and processes that the calling process may have, itself included, to `most`. Root has
/// no such limit, so this process changes to another user without other processes.
inline void limit_processes(rlim_t most) {
    const uid_t nobody_else = 100000 + static_cast<uid_t>(::getpid()) % 1000000;
    if (::setresgid(nobody_else, nobody_else, nobody_else) != 0 ||
        ::setresuid(nobody_else, nobody_else, nobody_else) != 0)
        most = 1;  // not root: this user has more processes than the limit anyway
    limit(RLIMIT_NPROC, most);
}

/// The result of `body` in a child process that may have `most` threads, itself included; -n when signal n
/// ended it, 99 when it threw an exception.
template <class Body>
int with_threads(rlim_t most, Body body) {
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
        ::alarm(60);
        limit_processes(most);
        try {
            ::_exit(body());
        } catch (const std::exception&) {
            ::_exit(99);
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace support
