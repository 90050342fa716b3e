// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <libssh/libssh.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>

namespace weft::ssh::detail {

// Owners of libssh's objects, and a wait for a session. Include this header from implementation headers only:
// it includes libssh.

struct ssh_text_delete {
    void operator()(char* text) const { ::ssh_string_free_char(text); }
};
struct ssh_key_delete {
    void operator()(ssh_key_struct* key) const { ::ssh_key_free(key); }
};

using ssh_text = std::unique_ptr<char, ssh_text_delete>;
using ssh_key_handle = std::unique_ptr<ssh_key_struct, ssh_key_delete>;

/// Waits for the socket of a non-blocking session; false when the deadline has passed.
WEFT_INLINE bool wait_for_host(ssh_session session, std::chrono::steady_clock::time_point deadline) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    const bool writes = (::ssh_get_poll_flags(session) & SSH_WRITE_PENDING) != 0;
    pollfd socket{::ssh_get_fd(session), static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN), 0};
    ::poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left, 1000)));
    return true;
}

}  // namespace weft::ssh::detail
