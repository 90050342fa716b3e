// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::ssh {

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
        const std::size_t more = std::min(window, limit_ - std::min(limit_, away));
        was_held_ = was_held_ || (more == 0 && window != 0);
        return more;
    }
    void sent(std::size_t bytes) { sent_ += bytes; }

private:
    static constexpr std::size_t least = 512 * 1024;
    static constexpr double long_time = 0.004;  ///< seconds for what may be on its way
    static constexpr double faster = 1.3;
    // What is decided by: a moment in which host or line is busy is neither so long nor the rule.
    static constexpr std::size_t looks = 5;
    static constexpr std::chrono::milliseconds looked_for{100};

    void begin(std::uint64_t arrived, clock::time_point now) {
        from_ = arrived;
        since_ = now;
        was_held_ = false;
    }

    void look(std::uint64_t arrived, clock::time_point now) {
        const double took = std::chrono::duration<double>(now - since_).count();
        // A sender who had no more to send says nothing about the line.
        if (was_held_) {
            if (rates_.empty()) first_look_ = since_;
            rates_.push_back(static_cast<double>(arrived - from_) / std::max(took, 1e-9));
            if (rates_.size() >= looks && now - first_look_ >= looked_for) decide();
        }
        begin(arrived, now);
    }

    void decide() {
        const auto middle = rates_.begin() + static_cast<std::ptrdiff_t>(rates_.size() / 2);
        std::nth_element(rates_.begin(), middle, rates_.end());
        const double rate = *middle;
        rates_.clear();
        if (rate < faster * before_) {
            limit_ /= 2;
            settled_ = true;
        } else if (static_cast<double>(limit_) > long_time * rate) {
            before_ = rate;
            limit_ *= 2;
        } else {
            settled_ = true;
        }
    }

    std::size_t whole_ = 0;  ///< the window when nothing is on its way
    std::size_t limit_ = least;
    bool settled_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t from_ = 0;  ///< that had arrived at `since_`
    clock::time_point since_{};
    bool was_held_ = false;  ///< since then, by the limit
    clock::time_point first_look_{};
    std::vector<double> rates_;  ///< bytes a second with this limit
    double before_ = 0;          ///< with half of it
};

}  // namespace weft::ssh
