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

/// Memory for a passphrase, wiped at the end. It has the capacity of libssh's buffer from the start, so that
/// the text is never reallocated.
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

/// Reads one line, or the rest up to the end of file; leaves it empty when interrupted.
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

/// Reads the first line of the program's output; leaves it empty when the program fails.
WEFT_INLINE void ask_program(const char* program, const std::string& question, int interrupted,
                             secret_line& line) {
    program_output result = output_of({program, question}, {}, interrupted);
    if (result.ok()) line.text.assign(result.out, 0, std::min(result.out.find('\n'), secret_line::longest));
    ::explicit_bzero(result.out.data(), result.out.size());
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

WEFT_INLINE bool ask_user(passphrase_request& asked, const char* prompt, char* buffer, std::size_t size) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    const std::string key = asked.key.empty() ? std::string(prompt == nullptr ? "" : prompt) : asked.key;
    const std::string question = "weft, " + asked.host + ": passphrase of the key " + key + ": ";
    const char* program = std::getenv("SSH_ASKPASS");
    const char* require = std::getenv("SSH_ASKPASS_REQUIRE");
    const bool prefer =
        require != nullptr && (std::string_view(require) == "force" || std::string_view(require) == "prefer");
    const os::descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));

    secret_line answer;
    if (program != nullptr && *program != '\0' && (prefer || !terminal))
        ask_program(program, question, asked.interrupted, answer);
    else if (terminal)
        ask_terminal(terminal, question, asked.interrupted, answer);
    else
        asked.trouble =
            " (a key needs a passphrase and there is no terminal to ask on: add the key to an agent, or set "
            "SSH_ASKPASS)";
    if (answer.text.empty() || answer.text.size() >= size) return false;
    std::memcpy(buffer, answer.text.c_str(), answer.text.size() + 1);
    return true;
}

WEFT_INLINE int answer_passphrase(const char* prompt, char* buffer, std::size_t size, int, int,
                                  void* request) noexcept {
    auto& asked = *static_cast<passphrase_request*>(request);
    try {
        return ask_user(asked, prompt, buffer, size) ? 0 : -1;
    } catch (const std::exception& error) {
        try {
            asked.trouble = std::string(" (cannot ask for its passphrase: ") + error.what() + ')';
        } catch (const std::exception&) {  // out of memory
        }
        return -1;
    }
}

WEFT_INLINE int refuse_passphrase(const char*, char*, std::size_t, int, int, void*) noexcept {
    return -1;
}

}  // namespace weft::ssh::detail
