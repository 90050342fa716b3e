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

/// Random events of a run, derived from the seed: which operations complete late or fail, and in which order
/// late ones complete. The test triggers one event at a time.
class unruly_world {
public:
    explicit unruly_world(unsigned seed) : random_(seed) {}

    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
    bool chance(unsigned percent) { return below(100) < percent; }

    /// The percentages of operations that complete late and that fail.
    unsigned late() const { return late_; }
    unsigned bad() const { return bad_; }

    /// Called by every operation: it may be delayed, and it may fail.
    weft::os::async<void> answer() {
        if (chance(late_)) co_await wait();
        fail_at_times();
    }

    weft::os::async<void> wait() {
        const auto one = std::make_shared<weft::os::completion<bool>>();
        waiting_.push_back(one);
        co_await *one;
    }

    /// Throws the exceptions that the interfaces allow, and others.
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
