// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/silent_terminal.hpp>

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace weft::ssh::detail {

/// The state for the signal handler. It outlives each `silent_terminal`, because a handler may still run on
/// another thread.
struct silenced {
    volatile sig_atomic_t terminal = -1;
    termios shown{};
    termios silent{};
};

WEFT_INLINE silenced& the_silenced() {
    static silenced one;
    return one;
}

/// Restores the echo, then performs the signal's default action. Calls async-signal-safe functions only.
WEFT_INLINE void show_and_end(int which) {
    const int error = errno;
    silenced& one = the_silenced();
    const int terminal = one.terminal;
    if (terminal >= 0) ::tcsetattr(terminal, TCSANOW, &one.shown);
    if (which == SIGTSTP) {
        ::kill(::getpid(), SIGSTOP);
        // Execution continues here after SIGCONT.
        if (one.terminal >= 0) ::tcsetattr(one.terminal, TCSANOW, &one.silent);
    } else {
        struct sigaction usual {};
        usual.sa_handler = SIG_DFL;
        ::sigaction(which, &usual, nullptr);
        ::kill(::getpid(), which);
    }
    errno = error;
}

struct silent_terminal::signals {
    static constexpr std::array<int, 6> all{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGTSTP};
    std::array<struct sigaction, all.size()> before{};
    std::array<bool, all.size()> handled{};

    signals() {
        struct sigaction ours {};
        ours.sa_handler = &show_and_end;
        ours.sa_flags = SA_RESTART;
        ::sigfillset(&ours.sa_mask);
        for (std::size_t at = 0; at < all.size(); ++at) {
            const bool usual =
                ::sigaction(all[at], nullptr, &before[at]) == 0 && before[at].sa_handler == SIG_DFL;
            handled[at] = usual && ::sigaction(all[at], &ours, nullptr) == 0;
        }
    }
    signals(const signals&) = delete;
    signals& operator=(const signals&) = delete;
    ~signals() {
        for (std::size_t at = 0; at < all.size(); ++at) {
            struct sigaction now {};
            // The program may have installed a handler of its own meanwhile.
            if (handled[at] && ::sigaction(all[at], nullptr, &now) == 0 && now.sa_handler == &show_and_end)
                ::sigaction(all[at], &before[at], nullptr);
        }
    }
};

WEFT_INLINE silent_terminal::silent_terminal(int terminal) {
    silenced& one = the_silenced();
    if (::tcgetattr(terminal, &one.shown) != 0) return;
    one.silent = one.shown;
    one.silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    one.terminal = terminal;
    signals_ = std::make_unique<signals>();
    ::tcsetattr(terminal, TCSAFLUSH, &one.silent);
}

WEFT_INLINE silent_terminal::~silent_terminal() {
    if (!signals_) return;
    silenced& one = the_silenced();
    // TCSAFLUSH discards unread input, such as a second line, which would otherwise become visible.
    ::tcsetattr(one.terminal, TCSAFLUSH, &one.shown);
    one.terminal = -1;
}

}  // namespace weft::ssh::detail
