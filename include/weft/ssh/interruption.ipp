// SPDX-License-Identifier: MIT
#pragma once

#include <weft/ssh/interruption.hpp>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace weft::ssh {

WEFT_INLINE interruption::interruption() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

WEFT_INLINE void interruption::request() {
    const std::lock_guard lock(mutex_);
    requested_ = true;
    const std::uint64_t one = 1;
    (void)!::write(event_.get(), &one, sizeof one);
    if (socket_) ::shutdown(socket_.get(), SHUT_RDWR);
}

WEFT_INLINE bool interruption::requested() const {
    const std::lock_guard lock(mutex_);
    return requested_;
}

WEFT_INLINE void interruption::watch(int socket) {
    const std::lock_guard lock(mutex_);
    socket_.reset(socket < 0 ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 3));
    if (socket_ && requested_) ::shutdown(socket_.get(), SHUT_RDWR);
}

}  // namespace weft::ssh
