// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/clock.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace support {

/// A clock that stands still until a test advances it.
class fake_clock final : public weft::os::clock {
public:
    steady::time_point now() const override { return now_; }

    [[nodiscard]] std::unique_ptr<alarm> after(steady::duration delay,
                                               std::function<void()> action) override {
        const auto id = next_++;
        due_.emplace(std::pair(now_ + delay, id), std::move(action));
        return std::make_unique<entry>(*this, std::pair(now_ + delay, id));
    }

    /// Advances the time and calls the actions that fall due, in order.
    void advance(steady::duration by) {
        const auto target = now_ + by;
        while (!due_.empty() && due_.begin()->first.first <= target) {
            auto next = due_.extract(due_.begin());
            now_ = next.key().first;
            next.mapped()();
        }
        now_ = target;
    }

    /// The time until the next alarm; negative when there is none.
    steady::duration next_due() const {
        return due_.empty() ? steady::duration(-1) : due_.begin()->first.first - now_;
    }

private:
    using key = std::pair<steady::time_point, unsigned>;
    struct entry final : alarm {
        entry(fake_clock& owner, key due) : clock(owner), when(due) {}
        entry(const entry&) = delete;
        entry& operator=(const entry&) = delete;
        ~entry() override { clock.due_.erase(when); }
        fake_clock& clock;
        key when;
    };

    steady::time_point now_{std::chrono::hours(1)};
    std::map<key, std::function<void()>> due_;
    unsigned next_ = 0;
};

}  // namespace support
