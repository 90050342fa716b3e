// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <csignal>

namespace weft::os {

/// For the start of a program, before it opens anything or starts a thread: sets right what it may have
/// inherited and cannot work with.
///
/// - stdin, stdout or stderr that is closed: the next file that is opened would get its number, and the log
///   would be written into it. It becomes a descriptor that nothing can be done with.
/// - SIGCHLD ignored: the kernel then throws away how children end.
/// - Blocked signals: nobody could end the run.
/// - A umask that takes their own files away from the user.
void settle_inherited_state();

/// While this lives, a write fails that would otherwise end the process by `signal`: SIGPIPE, SIGXFSZ.
class without_signal {
public:
    explicit without_signal(int signal);
    without_signal(const without_signal&) = delete;
    without_signal& operator=(const without_signal&) = delete;
    ~without_signal();

private:
    int signal_;
    struct sigaction before_ {};
};

}  // namespace weft::os
