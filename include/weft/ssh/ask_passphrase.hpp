// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstddef>
#include <string>

namespace weft::ssh::detail {

/// A request for a passphrase, and the reason if it could not be asked.
struct passphrase_request {
    std::string host{};
    std::string key{};      ///< path of the key; empty: libssh's prompt contains it
    std::string trouble{};  ///< why the user could not be asked
    int interrupted = -1;   ///< becomes readable when the login is abandoned
};

// libssh calls these functions from C code, so they must not throw.

/// Asks with SSH_ASKPASS (when there is no terminal, or SSH_ASKPASS_REQUIRE prefers it), otherwise on the
/// terminal, without echo. Serializes the questions of concurrent logins.
int answer_passphrase(const char* prompt, char* buffer, std::size_t size, int echo, int verify,
                      void* request) noexcept;

/// Provides no passphrase.
int refuse_passphrase(const char* prompt, char* buffer, std::size_t size, int echo, int verify,
                      void* request) noexcept;

}  // namespace weft::ssh::detail
