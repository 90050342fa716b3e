// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace weft::backend {

/// How far one end of a channel runs ahead of the other. A window's worth (2 MiB with sshd) sent at once lies
/// in a buffer of sshd that grows piece by piece, each time as a whole: a second passed before the first
/// upload of a connection came to speed. So there is a limit, for lines on which it makes no difference:
/// while what is on its way takes long to arrive it is doubled, and halved again, for good, when that did not
/// make it faster.
class send_pace {
public:
    using clock = std::chrono::steady_clock;

    /// How many bytes more may be sent when the other end still takes `window`.
    std::size_t allowed(std::size_t window, clock::time_point now) {
        whole_ = std::max(whole_, window);
        const std::size_t away = whole_ - window;
        const std::uint64_t arrived = sent_ - std::min<std::uint64_t>(sent_, away);
        if (away == 0)
            begin(arrived, now);
        else if (!settled_ && limit_ < whole_ && arrived - from_ >= limit_)
            look(arrived, now);
        return std::min(window, limit_ - std::min(limit_, away));
    }
    void sent(std::size_t bytes) { sent_ += bytes; }

private:
    static constexpr std::size_t least = 512 * 1024;
    static constexpr double long_time = 0.004;  ///< seconds for what may be on its way
    static constexpr double faster = 1.3;
    static constexpr int looks = 3;  ///< of which the best counts: any may have met a busy moment

    void begin(std::uint64_t arrived, clock::time_point now) {
        from_ = arrived;
        since_ = now;
    }
    void look(std::uint64_t arrived, clock::time_point now) {
        const double took = std::chrono::duration<double>(now - since_).count();
        rate_ = std::max(rate_, static_cast<double>(arrived - from_) / std::max(took, 1e-9));
        begin(arrived, now);
        if (++looked_ < looks) return;
        looked_ = 0;
        const double rate = std::exchange(rate_, 0);
        if (rate < faster * before_) {
            limit_ /= 2;
            settled_ = true;
        } else if (static_cast<double>(limit_) > long_time * rate) {
            before_ = rate;
            limit_ *= 2;
        }
    }

    std::size_t whole_ = 0;  ///< the window when nothing is on its way
    std::size_t limit_ = least;
    bool settled_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t from_ = 0;  ///< that had arrived at `since_`
    clock::time_point since_{};
    int looked_ = 0;
    double rate_ = 0;    ///< bytes a second, the most that was seen with this limit
    double before_ = 0;  ///< with half of it
};

}  // namespace weft::backend
