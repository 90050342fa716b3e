// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <csignal>

namespace weft::os {

/// Repairs inherited process state that a program cannot work with. Call it at the start of `main`, before
/// any file is opened and any thread is started.
///
/// - A closed stdin, stdout or stderr: the next opened file would get its number, and log lines would be
///   written into that file. It is replaced by a descriptor that rejects reads and writes.
/// - An ignored SIGCHLD: the kernel would discard the exit status of children.
/// - Blocked signals: the run could not be stopped.
/// - A umask that denies users access to their own files.
void settle_inherited_state();

/// While this object lives, a write that would raise `signal` (SIGPIPE, SIGXFSZ) fails with an error instead.
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
