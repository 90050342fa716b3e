// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <cstddef>
#include <string>

namespace weft::ssh::detail {

/// Who asks for a passphrase, and why there was none.
struct passphrase_request {
    std::string host{};
    std::string key{};      ///< the key's file; empty: libssh's prompt names it
    std::string trouble{};  ///< set when it could not be asked
    int interrupted = -1;   ///< readable when nobody waits for the answer any more
};

// Both are libssh's callbacks: C code calls them, so nothing may be thrown through it.

/// Asks SSH_ASKPASS (when there is no terminal, or SSH_ASKPASS_REQUIRE prefers it), else the terminal,
/// without echo. One question at a time, however many hosts are being opened.
int answer_passphrase(const char* prompt, char* buffer, std::size_t size, int echo, int verify,
                      void* request) noexcept;

/// Has no passphrase.
int refuse_passphrase(const char* prompt, char* buffer, std::size_t size, int echo, int verify,
                      void* request) noexcept;

}  // namespace weft::ssh::detail
