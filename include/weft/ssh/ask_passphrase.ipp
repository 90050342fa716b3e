// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/ssh/ask_passphrase.hpp>
#include <weft/ssh/program_output.hpp>
#include <weft/ssh/silent_terminal.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <string_view>

namespace weft::ssh::detail {

/// A passphrase as it is read; its memory is wiped. It has the room of libssh's buffer from the start, so
/// that it never moves.
struct secret_line {
    static constexpr std::size_t longest = 1024;
    std::string text;

    secret_line() { text.reserve(longest); }
    secret_line(const secret_line&) = delete;
    secret_line& operator=(const secret_line&) = delete;
    ~secret_line() {
        text.resize(longest);
        ::explicit_bzero(text.data(), text.size());
    }
};

/// A line, or what there is of it at the end of file; nothing when it is interrupted.
WEFT_INLINE void read_line(const os::descriptor& from, int interrupted, secret_line& line) {
    while (line.text.size() < secret_line::longest) {
        pollfd ends[] = {{interrupted, POLLIN, 0}, {from.get(), POLLIN, 0}};
        const int ready = ::poll(ends, 2, -1);
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0 || ends[0].revents != 0) {
            line.text.clear();
            return;
        }
        char c = 0;
        const ssize_t got = ::read(from.get(), &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got != 1 || c == '\n') return;
        line.text += c;
    }
}

/// The first line that the program prints; empty when it fails.
WEFT_INLINE void ask_program(const char* program, const std::string& question, int interrupted,
                             secret_line& line) {
    program_output said = output_of({program, question}, {}, interrupted);
    if (said.ok()) line.text.assign(said.out, 0, std::min(said.out.find('\n'), secret_line::longest));
    ::explicit_bzero(said.out.data(), said.out.size());
}

WEFT_INLINE void ask_terminal(const os::descriptor& terminal, const std::string& question, int interrupted,
                              secret_line& line) {
    {
        const silent_terminal silent(terminal.get());
        os::write_all(terminal, question);
        read_line(terminal, interrupted, line);
    }
    os::write_all(terminal, "\n");
}

WEFT_INLINE bool ask_user(passphrase_request& who, const char* prompt, char* buffer, std::size_t size) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    const std::string key = who.key.empty() ? std::string(prompt == nullptr ? "" : prompt) : who.key;
    const std::string question = "weft, " + who.host + ": passphrase of the key " + key + ": ";
    const char* program = std::getenv("SSH_ASKPASS");
    const char* require = std::getenv("SSH_ASKPASS_REQUIRE");
    const bool prefer =
        require != nullptr && (std::string_view(require) == "force" || std::string_view(require) == "prefer");
    const os::descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));

    secret_line answer;
    if (program != nullptr && *program != '\0' && (prefer || !terminal))
        ask_program(program, question, who.interrupted, answer);
    else if (terminal)
        ask_terminal(terminal, question, who.interrupted, answer);
    else
        who.trouble =
            " (a key needs a passphrase, and there is no terminal to ask on: add it to an agent, or set "
            "SSH_ASKPASS)";
    if (answer.text.empty() || answer.text.size() >= size) return false;
    std::memcpy(buffer, answer.text.c_str(), answer.text.size() + 1);
    return true;
}

WEFT_INLINE int answer_passphrase(const char* prompt, char* buffer, std::size_t size, int, int,
                                  void* request) noexcept {
    auto& who = *static_cast<passphrase_request*>(request);
    try {
        return ask_user(who, prompt, buffer, size) ? 0 : -1;
    } catch (const std::exception& error) {
        try {
            who.trouble = std::string(" (its passphrase cannot be asked for: ") + error.what() + ')';
        } catch (const std::exception&) {  // no memory for the reason
        }
        return -1;
    }
}

WEFT_INLINE int refuse_passphrase(const char*, char*, std::size_t, int, int, void*) noexcept {
    return -1;
}

}  // namespace weft::ssh::detail
