// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

#include <string>
#include <string_view>

namespace weft::ssh {

/// A session could not be opened, or it ended: one line that names the host and what to do.
class failure : public std::runtime_error {
public:
    enum class kind {
        refused,      ///< permanent: the next attempt would fail in the same way
        unreachable,  ///< no connection could be made
        broken,       ///< the connection was made and then lost
    };
    explicit failure(const std::string& text, kind type = kind::refused)
        : std::runtime_error(text), kind_(type) {}
    kind what_happened() const { return kind_; }

private:
    kind kind_;
};

// libssh 0.10 reports every end of a connection with the same code and state, so these two functions, and no
// others, examine its error text. An unknown text counts as a broken connection and is retried.
// tests/integration/test_libssh_words.cpp makes libssh produce these texts.

/// Whether the host ended the connection deliberately, by the message of RFC 4253, section 11.1.
inline bool host_ended(std::string_view error) {
    return error.find("SSH_MSG_DISCONNECT") != error.npos;
}

/// Whether the key exchange failed because the two ends have no algorithm in common.
inline bool has_nothing_in_common(std::string_view error) {
    return error.find("kex error") != error.npos;
}

}  // namespace weft::ssh
