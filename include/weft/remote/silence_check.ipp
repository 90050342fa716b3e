// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>

#include <libssh/libssh.h>
#include <libssh/server.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace weft::remote {

/// Detects a host that sends nothing although its connection is open: frozen, or too busy for its sshd. After
/// some silence sshd itself is probed, since the control shell may be busy for long.
class silence_check {
public:
    /// The session must outlive this object. `longest_silence` is the limit after which the host counts as
    /// dead.
    silence_check(ssh_session session, std::chrono::milliseconds longest_silence);
    silence_check(const silence_check&) = delete;
    silence_check& operator=(const silence_check&) = delete;
    ~silence_check();

    /// Checks for received bytes; false when the limit has passed without any.
    bool check();

    /// The number of bytes received so far.
    std::uint64_t bytes() const { return received_.in_bytes; }

    /// Milliseconds until the next check.
    int next_check() const;

private:
    using clock = std::chrono::steady_clock;

    ssh_session session_;
    std::chrono::milliseconds longest_;
    ssh_counter_struct received_{};
    std::uint64_t seen_ = 0;
    clock::time_point heard_;
    clock::time_point next_;
};

WEFT_INLINE silence_check::silence_check(ssh_session session, std::chrono::milliseconds longest_silence)
    : session_(session), longest_(longest_silence), heard_(clock::now()), next_(heard_ + longest_ / 4) {
    ::ssh_set_counters(session_, &received_, nullptr);
}

WEFT_INLINE silence_check::~silence_check() {
    ::ssh_set_counters(session_, nullptr, nullptr);
}

WEFT_INLINE bool silence_check::check() {
    const auto now = clock::now();
    if (received_.in_bytes != seen_) {
        seen_ = received_.in_bytes;
        heard_ = now;
        next_ = now + longest_ / 4;
    }
    if (now < next_) return true;
    if (now - heard_ >= longest_) return false;
    // Does not wait: one call sends the probe, a later one handles the reply.
    ::ssh_send_keepalive(session_);
    next_ = now + longest_ / 4;
    return true;
}

WEFT_INLINE int silence_check::next_check() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - clock::now());
    return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

}  // namespace weft::remote
