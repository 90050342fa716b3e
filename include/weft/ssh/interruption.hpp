// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <mutex>

namespace weft::ssh {

/// Lets the reactor's thread cancel the waits of a host's thread during connection and login: libssh's waits
/// have only a time limit, and a user may never answer the question for a passphrase.
class interruption {
public:
    interruption();

    /// Cancels all waits, permanently; they fail with an error. Callable from any thread.
    void request();
    bool requested() const;

    /// A descriptor that is readable once the interruption was requested.
    int descriptor() const { return event_.get(); }

    /// Sets the socket of the host's thread that a request shuts down; a negative value removes it.
    void watch(int socket);

private:
    mutable std::mutex mutex_;
    bool requested_ = false;
    os::descriptor event_;
    os::descriptor socket_;  ///< a duplicate, because libssh may close its own at any time
};

}  // namespace weft::ssh
