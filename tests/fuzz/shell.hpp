// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fuzz {

/// The output of a script and its exit status.
struct shell_result {
    std::string output;
    int status = -1;
};

/// Creates an empty directory and makes it the working directory.
class own_directory {
public:
    own_directory() {
        if (::mkdtemp(name_) == nullptr || ::chdir(name_) != 0) std::abort();
        std::signal(SIGPIPE, SIG_IGN);  // a shell need not read its script to the end
    }
    own_directory(const own_directory&) = delete;
    own_directory& operator=(const own_directory&) = delete;
    ~own_directory() { ::rmdir(name_); }

private:
    char name_[32] = "/tmp/weft-fuzz-XXXXXX";
};

/// Runs `script` in a real `shell` without a PATH, in an empty directory: if quoting fails, only the shell's
/// builtins can run.
inline shell_result run_shell(const char* shell, const std::string& script) {
    static const own_directory directory;
    int in[2];
    int out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) std::abort();
    const pid_t child = ::vfork();
    if (child == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
        ::close(2);
        const char* const arguments[] = {shell, "-s", nullptr};
        const char* const environment[] = {"PATH=/nonexistent", "LC_ALL=C", nullptr};
        ::execve(shell, const_cast<char* const*>(arguments), const_cast<char* const*>(environment));
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    for (std::string_view left = script; !left.empty();) {  // scripts are shorter than the capacity of a pipe
        const ssize_t written = ::write(in[1], left.data(), left.size());
        if (written <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(in[1]);
    shell_result result;
    char buffer[4096];
    for (ssize_t got; (got = ::read(out[0], buffer, sizeof buffer)) > 0;)
        result.output.append(buffer, static_cast<std::size_t>(got));
    ::close(out[0]);
    while (::waitpid(child, &result.status, 0) < 0 && errno == EINTR) continue;
    return result;
}

}  // namespace fuzz
