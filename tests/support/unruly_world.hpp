// SPDX-License-Identifier: MIT
#pragma once

#include <weft/engine/backend.hpp>
#include <weft/os/async.hpp>

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace support {

/// What happens to a run, drawn from the seed: which operations answer late or fail, and in which order what
/// is late goes on. The test lets it happen, one event at a time.
class unruly_world {
public:
    explicit unruly_world(unsigned seed) : random_(seed) {}

    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
    bool chance(unsigned percent) { return below(100) < percent; }

    /// How many operations of this run answer late, and how many go wrong, in percent.
    unsigned late() const { return late_; }
    unsigned bad() const { return bad_; }

    /// Of an operation: it may have to wait until the world lets it go on, and it may fail.
    weft::os::async<void> answer() {
        if (chance(late_)) co_await wait();
        fail_at_times();
    }

    weft::os::async<void> wait() {
        const auto one = std::make_shared<weft::os::completion<bool>>();
        waiting_.push_back(one);
        co_await *one;
    }

    /// By what the seams throw, and by what they should not.
    void fail_at_times() {
        if (!chance(bad_)) return;
        switch (below(5)) {
            case 0:
                throw std::filesystem::filesystem_error("unruly", std::make_error_code(std::errc::io_error));
            case 1:
                throw std::bad_alloc();
            default:
                throw weft::engine::place_error("an unruly place");
        }
    }

    bool any_waits() const { return !waiting_.empty(); }
    void let_one_go_on() {
        const auto at = waiting_.begin() + below(static_cast<unsigned>(waiting_.size()));
        const auto one = *at;
        waiting_.erase(at);
        one->set(true);
    }

private:
    std::mt19937 random_;
    unsigned late_ = below(2) * below(60);
    unsigned bad_ = below(3) == 0 ? below(40) : 0;
    std::vector<std::shared_ptr<weft::os::completion<bool>>> waiting_;
};

}  // namespace support
