// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/inherited_state.hpp>

#include <fcntl.h>
#include <sys/stat.h>

namespace weft::os {

WEFT_INLINE void settle_inherited_state() {
    for (const int number : {0, 1, 2})
        if (::fcntl(number, F_GETFD) < 0) (void)!::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
    struct sigaction children {};
    if (::sigaction(SIGCHLD, nullptr, &children) == 0 &&
        (children.sa_handler == SIG_IGN || (children.sa_flags & SA_NOCLDWAIT) != 0)) {
        children = {};
        children.sa_handler = SIG_DFL;
        ::sigaction(SIGCHLD, &children, nullptr);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(::umask(0) & 077);
}

WEFT_INLINE without_signal::without_signal(int signal) : signal_(signal) {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(signal_, &ignore, &before_);
}

WEFT_INLINE without_signal::~without_signal() {
    ::sigaction(signal_, &before_, nullptr);
}

}  // namespace weft::os
