// SPDX-License-Identifier: MIT
#include <weft/backend/send_pace.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <utility>

using weft::backend::send_pace;
using namespace std::chrono_literals;

namespace {

/// A host at the end of a line that takes `delay` for a way, and takes `rate` bytes a second; a sender who
/// always has more. Time passes in steps.
struct line {
    send_pace pace{};
    std::chrono::microseconds delay;
    double rate;
    std::size_t window = 2u << 20;
    send_pace::clock::time_point now{};
    std::deque<std::pair<send_pace::clock::time_point, std::size_t>> there{}, back{};
    double taken = 0;
    std::size_t most = 0;  ///< that was on its way at once

    void run(std::chrono::milliseconds time) {
        for (const auto end = now + time; now < end; now += 100us) {
            while (!back.empty() && back.front().first <= now) {
                window += back.front().second;
                back.pop_front();
            }
            if (const std::size_t size = pace.allowed(window, now); size != 0) {
                REQUIRE(size <= window);
                window -= size;
                pace.sent(size);
                there.emplace_back(now + delay, size);
            }
            most = std::max(most, (2u << 20) - window);
            double may_take = rate * 1e-4;
            while (!there.empty() && there.front().first <= now && may_take > 0) {
                const double some = std::min(may_take, static_cast<double>(there.front().second));
                may_take -= some;
                taken += some;
                there.front().second -= static_cast<std::size_t>(some);
                back.emplace_back(now + delay, static_cast<std::size_t>(some));
                if (there.front().second == 0) there.pop_front();
            }
        }
    }
};

}  // namespace

TEST_CASE("on a short line little is on its way at once, and the host has always something to take") {
    for (const double rate : {3e8, 3e7}) {  // a host's own pace is no reason to run further ahead
        line near{.delay = 100us, .rate = rate};
        near.run(2000ms);
        CHECK(near.taken > 0.95 * rate * 2);
        near.most = 0;
        near.run(1000ms);
        CHECK(near.most <= 512 * 1024);
    }
}

TEST_CASE("on a long line as much is on its way as the host allows") {
    line far{.delay = 25ms, .rate = 3e8};
    far.run(3000ms);
    CHECK(far.most == 2u << 20);
    far.taken = 0;
    far.run(1000ms);
    CHECK(far.taken > 0.9 * (2u << 20) / 0.05);
}

TEST_CASE("a short busy time at the beginning is no long line") {
    line near{.delay = 100us, .rate = 1e7};
    near.run(60ms);
    near.rate = 3e8;
    near.run(3000ms);
    near.most = 0;
    near.run(1000ms);
    CHECK(near.most <= 512 * 1024);
}
