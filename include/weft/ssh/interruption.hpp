// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/os/descriptor.hpp>

#include <mutex>

namespace weft::ssh {

/// How the reactor's thread ends what a host's thread waits for while it connects and logs in: libssh's waits
/// know a time limit only, and a person's answer to the question for a passphrase may never come.
class interruption {
public:
    interruption();

    /// From any thread, for good: whoever waits goes on at once, with an error.
    void request();
    bool requested() const;

    /// Readable once it was requested.
    int descriptor() const { return event_.get(); }

    /// Another thread's socket, which a request shuts down; none when negative.
    void watch(int socket);

private:
    mutable std::mutex mutex_;
    bool requested_ = false;
    os::descriptor event_;
    os::descriptor socket_;  ///< a duplicate: libssh may close its own at any time
};

}  // namespace weft::ssh
