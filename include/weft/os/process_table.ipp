// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/process_table.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

namespace weft::os {

namespace detail {

/// The contents of a file of /proc; empty when the process ends meanwhile, where a stream would throw.
WEFT_INLINE std::string whole_file(const std::string& path) {
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string content;
    char some[4096];
    for (ssize_t size = 0; file && (size = ::read(file.get(), some, sizeof some)) != 0;) {
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return {};
        content.append(some, static_cast<std::size_t>(size));
    }
    return content;
}

/// The ids of all processes of this user.
WEFT_INLINE std::vector<pid_t> own_processes() {
    std::vector<pid_t> result;
    std::error_code error;
    for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        pid_t id = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), id);
        if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size()) continue;
        struct stat status {};
        if (::stat(entry->path().c_str(), &status) == 0 && status.st_uid == ::geteuid()) result.push_back(id);
    }
    return result;
}

struct process_row {
    char state = 'Z';
    pid_t group = 0;
};

WEFT_INLINE process_row read_row(pid_t id) {
    // pid (name) state parent group ...: the name may contain any character, so parse after the last `)`.
    const std::string text = whole_file("/proc/" + std::to_string(id) + "/stat");
    const auto after_name = text.rfind(')');
    process_row row;
    if (after_name == text.npos) return row;
    std::istringstream fields(text.substr(after_name + 1));
    pid_t parent = 0;
    fields >> row.state >> parent >> row.group;
    return row;
}

/// Whether an environment block, whose entries are NUL-terminated, contains `entry`.
WEFT_INLINE bool holds(const std::string& environment, std::string_view entry) {
    return ('\0' + environment).find('\0' + std::string(entry) + '\0') != std::string::npos;
}

}  // namespace detail

WEFT_INLINE std::vector<pid_t> processes_in_group(pid_t group) {
    std::vector<pid_t> result;
    for (const pid_t id : detail::own_processes()) {
        const detail::process_row row = detail::read_row(id);
        if (row.group == group && row.state != 'Z' && row.state != 'X') result.push_back(id);
    }
    return result;
}

WEFT_INLINE bool environment_has(pid_t id, std::string_view entry) {
    return detail::holds(detail::whole_file("/proc/" + std::to_string(id) + "/environ"), entry);
}

/// A process in the middle of an exec has an empty environment for a moment, so it is examined again.
WEFT_INLINE std::vector<pid_t> processes_with(std::string_view entry) {
    std::vector<pid_t> result;
    std::vector<pid_t> left = detail::own_processes();
    for (int looks = 0; looks < 5 && !left.empty(); ++looks) {
        if (looks != 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        for (const pid_t id : std::exchange(left, {})) {
            if (id == ::getpid()) continue;
            const std::string environment = detail::whole_file("/proc/" + std::to_string(id) + "/environ");
            if (!environment.empty() && !detail::holds(environment, entry)) continue;
            const detail::process_row row = detail::read_row(id);
            if (row.state == 'Z' || row.state == 'X' || row.group == 0) continue;  // ended, or kernel thread
            (environment.empty() ? left : result).push_back(id);
        }
    }
    return result;
}

WEFT_INLINE std::string process_start_time(pid_t id) {
    const std::string text = detail::whole_file("/proc/" + std::to_string(id) + "/stat");
    const auto after_name = text.rfind(')');
    if (after_name == text.npos) return {};
    std::istringstream fields(text.substr(after_name + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number) fields >> field;  // field 22 in proc(5)
    return field;
}

WEFT_INLINE std::string boot_id() {
    std::string id = detail::whole_file("/proc/sys/kernel/random/boot_id");
    while (!id.empty() && id.back() == '\n') id.pop_back();
    return id;
}

WEFT_INLINE bool is_left_of_group(pid_t id, pid_t group) {
    return detail::read_row(id).group == group &&
           ::access(("/proc/" + std::to_string(group)).c_str(), F_OK) != 0;
}

WEFT_INLINE async<void> end_processes(reactor& loop, std::vector<pid_t> processes,
                                      std::chrono::milliseconds grace, std::function<bool(pid_t)> is_meant) {
    std::vector<descriptor> living;
    const auto signal_all = [&](int signal) {
        for (const descriptor& one : living) ::syscall(SYS_pidfd_send_signal, one.get(), signal, nullptr, 0);
    };
    for (const pid_t id : processes) {
        descriptor one(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
        if (one && is_meant(id)) living.push_back(std::move(one));
    }
    signal_all(SIGTERM);
    const auto deadline = loop.after(grace, [&] { signal_all(SIGKILL); });
    for (const descriptor& one : living) co_await loop.readable(one.get());
}

}  // namespace weft::os
