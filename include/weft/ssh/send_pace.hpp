// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft::ssh {

/// Limits how many bytes one end of a channel sends ahead of the other. sshd stores a full window (2 MiB) in
/// a buffer that it grows step by step, copying it each time: without a limit, the first upload of a
/// connection took a second to reach full speed. The limit matters only on fast lines: while the bytes in
/// flight take long to arrive it is doubled, and halved for good once doubling brought no more speed.
class send_pace {
public:
    using clock = std::chrono::steady_clock;

    /// How many more bytes may be sent while the other end still accepts `window` bytes.
    std::size_t allowed(std::size_t window, clock::time_point now) {
        whole_ = std::max(whole_, window);
        const std::size_t in_flight = whole_ - window;
        const std::uint64_t arrived = sent_ - std::min<std::uint64_t>(sent_, in_flight);
        if (in_flight == 0)
            begin(arrived, now);
        else if (!settled_ && limit_ < whole_ && arrived - from_ >= limit_)
            measure(arrived, now);
        const std::size_t more = std::min(window, limit_ - std::min(limit_, in_flight));
        was_held_ = was_held_ || (more == 0 && window != 0);
        return more;
    }
    void sent(std::size_t bytes) { sent_ += bytes; }

private:
    static constexpr std::size_t least = 512 * 1024;
    static constexpr double long_time = 0.004;  ///< seconds for the bytes in flight to arrive
    static constexpr double faster = 1.3;
    // Measurements per decision: a short moment in which the host or the line is busy must not decide.
    static constexpr std::size_t measurements = 5;
    static constexpr std::chrono::milliseconds measured_for{100};

    void begin(std::uint64_t arrived, clock::time_point now) {
        from_ = arrived;
        since_ = now;
        was_held_ = false;
    }

    void measure(std::uint64_t arrived, clock::time_point now) {
        const double took = std::chrono::duration<double>(now - since_).count();
        // The rate of a sender that ran out of data says nothing about the line.
        if (was_held_) {
            if (rates_.empty()) first_measured_ = since_;
            rates_.push_back(static_cast<double>(arrived - from_) / std::max(took, 1e-9));
            if (rates_.size() >= measurements && now - first_measured_ >= measured_for) decide();
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

    std::size_t whole_ = 0;  ///< the window when nothing is in flight
    std::size_t limit_ = least;
    bool settled_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t from_ = 0;  ///< bytes that had arrived at `since_`
    clock::time_point since_{};
    bool was_held_ = false;  ///< whether the limit has held back the sender since `since_`
    clock::time_point first_measured_{};
    std::vector<double> rates_;  ///< bytes a second with the current limit
    double before_ = 0;          ///< the rate with half of it
};

}  // namespace weft::ssh
