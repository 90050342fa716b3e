// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

#include <string>
#include <string_view>

namespace weft::ssh {

/// There is no session, or it ended: one line that names the host and says what to do.
class failure : public std::runtime_error {
public:
    enum class kind {
        refused,      ///< the host, or this program, would say the same at the next try
        unreachable,  ///< nothing takes the connection
        broken,       ///< the host took the connection, then it broke
    };
    explicit failure(const std::string& text, kind what = kind::refused)
        : std::runtime_error(text), kind_(what) {}
    kind what_happened() const { return kind_; }

private:
    kind kind_;
};

// libssh 0.10 has one code and one state for whatever ends a connection, and the socket tells of an end
// alike; so these two read its words, and nothing else does. What they do not know is taken for trouble on
// the way, and tried again. tests/integration/test_libssh_words.cpp has libssh say them.

/// Whether the host ended the connection itself, by the message of RFC 4253, section 11.1, and not some
/// trouble on the way.
inline bool host_ended(std::string_view error) {
    return error.find("SSH_MSG_DISCONNECT") != error.npos;
}

/// Whether the two ends have no cipher, or other algorithm of the key exchange, that both know.
inline bool has_nothing_in_common(std::string_view error) {
    return error.find("kex error") != error.npos;
}

}  // namespace weft::ssh
