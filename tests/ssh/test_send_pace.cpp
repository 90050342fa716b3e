// SPDX-License-Identifier: MIT
#include <weft/ssh/send_pace.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <utility>

using weft::ssh::send_pace;
using namespace std::chrono_literals;

namespace {

/// A host behind a line with a delay of `delay` each way, which accepts `rate` bytes a second, and a sender
/// that always has data. Time advances in steps.
struct line {
    send_pace pace{};
    std::chrono::microseconds delay;
    double rate;
    double offered = 1e12;  ///< bytes a second that the sender produces
    std::size_t window = 2u << 20;
    send_pace::clock::time_point now{};
    std::deque<std::pair<send_pace::clock::time_point, std::size_t>> there{}, back{};
    double had = 0;
    double taken = 0;
    std::size_t most = 0;  ///< maximum of bytes in flight

    /// The maximum of bytes in flight during a second.
    std::size_t peak() {
        most = 0;
        run(std::chrono::seconds(1));
        return most;
    }
    void run(std::chrono::milliseconds time) {
        for (const auto end = now + time; now < end; now += 100us) {
            while (!back.empty() && back.front().first <= now) {
                window += back.front().second;
                back.pop_front();
            }
            had = std::min(had + offered * 1e-4, 1e9);
            const auto next = [&] {
                return std::min(pace.allowed(window, now), static_cast<std::size_t>(had));
            };
            for (std::size_t size = next(); size != 0; size = next()) {
                REQUIRE(size <= window);
                had -= static_cast<double>(size);
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

TEST_CASE("on a short line few bytes are in flight, and the host always has data to read") {
    for (const double rate : {3e8, 3e7}) {  // a slow host is no reason to send further ahead
        line near{.delay = 100us, .rate = rate};
        near.run(2000ms);
        CHECK(near.taken > 0.95 * rate * 2);
        CHECK(near.peak() <= 512 * 1024);
    }
}

TEST_CASE("on a long line as many bytes are in flight as the host allows") {
    line far{.delay = 25ms, .rate = 3e8};
    far.run(3000ms);
    CHECK(far.most == 2u << 20);
    far.taken = 0;
    far.run(1000ms);
    CHECK(far.taken > 0.9 * (2u << 20) / 0.05);
}

TEST_CASE("a short busy time at the start does not count as a long line") {
    line near{.delay = 100us, .rate = 1e7};
    near.run(60ms);
    near.rate = 3e8;
    near.run(3000ms);
    CHECK(near.peak() <= 512 * 1024);
}

TEST_CASE("a short busy time in the middle does not count as a long line") {
    line near{.delay = 100us, .rate = 3e8};
    near.run(1000ms);
    near.rate = 5e7;
    near.run(80ms);
    near.rate = 3e8;
    near.run(1000ms);
    CHECK(near.most <= 512 * 1024);
}

TEST_CASE("a sender without data for a while does not affect the measurement of the line") {
    line far{.delay = 25ms, .rate = 3e8, .offered = 5e6};
    far.run(3000ms);
    far.offered = 1e12;
    far.run(3000ms);
    CHECK(far.most == 2u << 20);
}
