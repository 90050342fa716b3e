// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

#include <string_view>

namespace weft::ssh {

/// Why there is no session, or no more: one line that names the host and says what to do.
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Why there is no connection, where another try may do better. What a host says no to (a key, a login, a
// missing tool) is a plain `failure`.

/// The host took the connection, and then it broke: what was asked for meanwhile may have been done there.
class connection_broken : public failure {
public:
    using failure::failure;
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

/// Nobody takes the connection: it is refused, or there is no answer, or no way to the host.
class connection_refused : public failure {
public:
    using failure::failure;
};

}  // namespace weft::ssh
