// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/descriptor.hpp>
#include <weft/os/process.hpp>
#include <weft/ssh/program_output.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>

namespace weft::ssh {

namespace detail {

/// A running program and the read ends of its pipes.
class watched_program {
public:
    watched_program(std::vector<std::string> arguments, std::chrono::milliseconds limit, int interrupted)
        : interrupted_(interrupted), limited_(limit.count() > 0), deadline_(clock::now() + limit) {
        int out[2];
        int err[2];
        if (::pipe2(out, O_CLOEXEC) != 0) return;
        out_.reset(out[0]);
        const os::descriptor out_sink(out[1]);
        if (::pipe2(err, O_CLOEXEC) != 0) return;
        err_.reset(err[0]);
        const os::descriptor err_sink(err[1]);
        os::process_start start;
        start.arguments = std::move(arguments);
        start.environment = os::environment_with({});
        start.output = out_sink.get();
        start.error = err_sink.get();
        process_ = std::make_unique<os::process>(start);
    }

    program_output run() {
        program_output result;
        if (!process_) return result;
        bool whole = false;
        try {
            whole = read_all(result) && wait_for_end();
        } catch (const std::exception&) {  // out of memory
        }
        if (!whole) ::kill(-process_->id(), SIGKILL);
        const os::process_end end = process_->reap();
        const bool exited = whole && !end.signalled;
        result.ended = exited ? program_output::kind::exited : program_output::kind::killed;
        result.code = exited ? end.code : -1;
        return result;
    }

private:
    using clock = std::chrono::steady_clock;
    static constexpr std::size_t most_output = 4u << 20;

    /// Reads until both pipes are closed.
    bool read_all(program_output& result) {
        while (out_ || err_) {
            pollfd ends[] = {{interrupted_, POLLIN, 0}, {out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}};
            if (!wait(ends, 3, left(-1))) return false;
            if (ends[1].revents != 0 && !take(out_, result.out)) return false;
            if (ends[2].revents != 0 && !take(err_, result.err)) return false;
        }
        return true;
    }

    /// Polls for the exit: a program may close its pipes before it ends.
    bool wait_for_end() {
        for (;;) {
            siginfo_t info{};
            if (::waitid(P_PID, static_cast<id_t>(process_->id()), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
                return true;  // `reap` reports the error
            if (info.si_pid != 0) return true;
            pollfd end{interrupted_, POLLIN, 0};
            constexpr int look_again = 5;
            if (!wait(&end, 1, left(look_again))) return false;
        }
    }

    /// False when the program must be killed.
    bool wait(pollfd* ends, nfds_t count, int patience) const {
        if (limited_ && clock::now() >= deadline_) return false;
        if (::poll(ends, count, patience) < 0 && errno != EINTR) return false;
        return ends[0].revents == 0;
    }

    int left(int most) const {
        if (!limited_) return most;
        const auto time = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock::now()).count();
        const int some = static_cast<int>(std::clamp<std::int64_t>(time, 0, 60000));
        return most < 0 ? some : std::min(most, some);
    }

    static bool take(os::descriptor& from, std::string& text) {
        char some[4096];
        const ssize_t got = ::read(from.get(), some, sizeof some);
        if (got < 0) return errno == EINTR;
        if (got == 0) from.reset();
        text.append(some, static_cast<std::size_t>(got));
        return text.size() <= most_output;
    }

    int interrupted_;
    bool limited_;
    clock::time_point deadline_;
    os::descriptor out_;
    os::descriptor err_;
    std::unique_ptr<os::process> process_;
};

}  // namespace detail

WEFT_INLINE program_output output_of(std::vector<std::string> arguments, std::chrono::milliseconds limit,
                                     int interrupted) {
    try {
        return detail::watched_program(std::move(arguments), limit, interrupted).run();
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace weft::ssh
