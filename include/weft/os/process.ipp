// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

extern char** environ;

namespace weft::os {

namespace detail {

/// The file actions and attributes of a posix_spawn call.
struct spawn_setup {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    explicit spawn_setup(bool own_session) {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes, &signals);
        // memset, because sigfillset omits glibc's two internal signals, which the child would then ignore.
        std::memset(&signals, 0xff, sizeof signals);
        ::posix_spawnattr_setsigdefault(&attributes, &signals);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        // A session leader also leads a process group.
        const int group = own_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
        ::posix_spawnattr_setflags(
            &attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
    }
    spawn_setup(const spawn_setup&) = delete;
    spawn_setup& operator=(const spawn_setup&) = delete;
    ~spawn_setup() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }

    void connect(int number, int to) {
        if (to < 0)
            ::posix_spawn_file_actions_addopen(&actions, number, "/dev/null",
                                               number == 0 ? O_RDONLY : O_WRONLY, 0);
        else
            ::posix_spawn_file_actions_adddup2(&actions, to, number);
    }
};

WEFT_INLINE std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

}  // namespace detail

WEFT_INLINE process::process(const process_start& start) {
    detail::spawn_setup setup(start.own_session);
    if (!start.directory.empty())
        ::posix_spawn_file_actions_addchdir_np(&setup.actions, start.directory.c_str());
    setup.connect(0, start.input);
    setup.connect(1, start.output);
    setup.connect(2, start.error);
    ::posix_spawn_file_actions_addclosefrom_np(&setup.actions, 3);
    const auto arguments = detail::pointers(start.arguments);
    const auto environment = detail::pointers(start.environment);
    const int error = ::posix_spawnp(&id_, arguments.front(), &setup.actions, &setup.attributes,
                                     arguments.data(), environment.data());
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "cannot start '" + start.arguments[0] + "'");
    pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
    if (!pidfd_) {
        const int reason = errno;
        ::kill(-id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
        throw std::system_error(reason, std::generic_category(),
                                "cannot wait for '" + start.arguments[0] + "' (pidfd_open)");
    }
}

WEFT_INLINE async<void> process::ended(reactor& loop) const {
    co_await loop.readable(pidfd_.get());
}

WEFT_INLINE void process::wait() const {
    struct pollfd end {};
    end.fd = pidfd_.get();
    end.events = POLLIN;
    while (::poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
}

WEFT_INLINE bool process::wait_until(std::chrono::steady_clock::time_point deadline) const {
    using namespace std::chrono;
    for (;;) {
        const auto left = ceil<milliseconds>(deadline - steady_clock::now());
        struct pollfd end {};
        end.fd = pidfd_.get();
        end.events = POLLIN;
        const int ready = ::poll(&end, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 0)));
        if (ready >= 0 || errno != EINTR) return ready > 0;
    }
}

WEFT_INLINE process_end process::reap() {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED) != 0)
        throw std::system_error(errno, std::generic_category(),
                                "the exit status of process " + std::to_string(id_) +
                                    " was already collected: does this program ignore SIGCHLD or wait for "
                                    "all of its children?");
    return {info.si_code != CLD_EXITED, info.si_status};
}

WEFT_INLINE std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& changes,
    const std::vector<std::string>& withheld) {
    std::vector<std::string> result;
    // Among changes of the same name the last wins.
    const auto given_later = [&](std::string_view name, std::size_t from) {
        return std::any_of(changes.begin() + static_cast<std::ptrdiff_t>(from), changes.end(),
                           [&](const auto& change) { return change.first == name; });
    };
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == text.npos) continue;
        const std::string_view name = text.substr(0, equals);
        const bool hidden = std::find(withheld.begin(), withheld.end(), name) != withheld.end();
        if (!hidden && !given_later(name, 0)) result.emplace_back(text);
    }
    for (std::size_t i = 0; i < changes.size(); ++i)
        if (!given_later(changes[i].first, i + 1))
            result.push_back(changes[i].first + '=' + changes[i].second);
    return result;
}

}  // namespace weft::os
