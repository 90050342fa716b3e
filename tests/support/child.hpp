// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/process.hpp>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A child process in its own session, without a terminal unless it is given one, and with an empty stdin. It
/// gets `death` when the test that started it ends for any reason.
class child {
public:
    struct start {
        std::vector<std::string> arguments;
        std::vector<std::pair<std::string, std::string>>
            environment{};  ///< changes to the test's environment
        std::string directory{};
        int output = -1;  ///< descriptors; none: /dev/null
        int error = -1;
        int terminal = -1;  ///< the controlling terminal, in place of all three streams
        int death = SIGKILL;
        bool ignores_hangup = false;  ///< as under nohup
        /// Called last before exec: limits, masks, another user. May use system calls only.
        std::function<void()> before{};
    };

    explicit child(const start& how) {
        // All memory is allocated before the fork.
        const std::vector<std::string> environment = weft::os::environment_with(how.environment);
        const std::vector<char*> argv = pointers(how.arguments);
        const std::vector<char*> envp = pointers(environment);
        const pid_t parent = ::getpid();
        id_ = ::fork();
        if (id_ < 0) throw std::runtime_error("cannot fork");
        if (id_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, how.death);
        if (::getppid() != parent) ::_exit(126);
        ::setsid();
        const int nothing = ::open("/dev/null", O_RDWR);
        if (nothing < 0) ::_exit(124);
        if (how.terminal >= 0) ::ioctl(how.terminal, TIOCSCTTY, 0);
        const int streams[] = {nothing, how.output < 0 ? nothing : how.output,
                               how.error < 0 ? nothing : how.error};
        for (const int number : {0, 1, 2}) ::dup2(how.terminal < 0 ? streams[number] : how.terminal, number);
        // A test run in the background or under nohup ignores these signals.
        for (const int one : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE}) ::signal(one, SIG_DFL);
        if (how.ignores_hangup) ::signal(SIGHUP, SIG_IGN);
        if (!how.directory.empty() && ::chdir(how.directory.c_str()) != 0) ::_exit(125);
        if (how.before) how.before();
        ::execvpe(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child() {
        if (id_ <= 0) return;
        signal(SIGKILL);
        wait();
    }

    pid_t id() const { return id_; }
    void signal(int which) const { ::kill(id_, which); }

    /// Its exit code, or -n when signal n ended it.
    int wait() {
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0)
            if (errno != EINTR) throw std::runtime_error("the child was already reaped");
        id_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    static std::vector<char*> pointers(const std::vector<std::string>& texts) {
        std::vector<char*> result;
        for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
        result.push_back(nullptr);
        return result;
    }

    pid_t id_ = -1;
};

}  // namespace support
