// SPDX-License-Identifier: MIT
#pragma once

#include <weft/backend/ask_passphrase.hpp>
#include <weft/os/descriptor.hpp>
#include <weft/os/process.hpp>
#include <weft/os/scratch_files.hpp>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <string_view>

namespace weft::backend::detail {

/// A line, or what there is of it at the end of file; nothing when it is interrupted.
WEFT_INLINE std::string read_line(const os::descriptor& from, int interrupted) {
    std::string line;
    while (line.size() < 1000) {
        pollfd ends[] = {{interrupted, POLLIN, 0}, {from.get(), POLLIN, 0}};
        const int ready = ::poll(ends, 2, -1);
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0 || ends[0].revents != 0) return {};
        char c = 0;
        if (::read(from.get(), &c, 1) != 1 || c == '\n') break;
        line += c;
    }
    return line;
}

/// The first line that the program prints; empty when it fails.
WEFT_INLINE std::string ask_program(const char* program, const std::string& question, int interrupted) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    const os::descriptor source(ends[0]);
    os::descriptor sink(ends[1]);
    try {
        os::process_start start;
        start.arguments = {program, question};
        start.environment = os::environment_with({});
        start.output = sink.get();
        os::process asker(start);
        sink.reset();
        std::string answer = read_line(source, interrupted);
        if (answer.empty()) ::kill(-asker.id(), SIGKILL);  // nobody waits for its answer any more
        return asker.reap().code == 0 ? answer : std::string();
    } catch (const std::exception&) {
        return {};
    }
}

WEFT_INLINE std::string ask_terminal(const os::descriptor& terminal, const std::string& question,
                                     int interrupted) {
    termios before{};
    ::tcgetattr(terminal.get(), &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal.get(), TCSAFLUSH, &silent);
    os::write_all(terminal, question);
    std::string answer = read_line(terminal, interrupted);
    ::tcsetattr(terminal.get(), TCSAFLUSH, &before);
    os::write_all(terminal, "\n");
    return answer;
}

WEFT_INLINE int answer_passphrase(const char* prompt, char* buffer, std::size_t size, int, int,
                                  void* request) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    auto& who = *static_cast<passphrase_request*>(request);
    const std::string key = who.key.empty() ? std::string(prompt == nullptr ? "" : prompt) : who.key;
    const std::string question = "weft, " + who.host + ": passphrase of the key " + key + ": ";
    const char* program = std::getenv("SSH_ASKPASS");
    const char* require = std::getenv("SSH_ASKPASS_REQUIRE");
    const bool prefer =
        require != nullptr && (std::string_view(require) == "force" || std::string_view(require) == "prefer");
    const os::descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));

    std::string answer;
    if (program != nullptr && *program != '\0' && (prefer || !terminal))
        answer = ask_program(program, question, who.interrupted);
    else if (terminal)
        answer = ask_terminal(terminal, question, who.interrupted);
    else
        who.trouble =
            " (a key needs a passphrase, and there is no terminal to ask on: add it to an agent, or set "
            "SSH_ASKPASS)";
    if (answer.empty() || answer.size() >= size) return -1;
    std::memcpy(buffer, answer.c_str(), answer.size() + 1);
    ::explicit_bzero(answer.data(), answer.size());
    return 0;
}

WEFT_INLINE int refuse_passphrase(const char*, char*, std::size_t, int, int, void*) {
    return -1;
}

}  // namespace weft::backend::detail
