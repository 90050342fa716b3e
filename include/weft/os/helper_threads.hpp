// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/std_function.hpp>

#include <memory>
#include <string>
#include <system_error>

namespace weft::os {

/// What to say when `std::thread` could not be made: what ran out, and where its limit is seen.
std::string thread_trouble(const std::system_error& error);

/// Threads for work that blocks. The first is there from the start, so that work is always done; others come
/// when work waits, as far as the system lets them.
class helper_threads {
public:
    /// Throws `std::runtime_error` when not even one thread can be started.
    explicit helper_threads(unsigned most);
    /// Waits for the work that is under way; what nobody began is dropped.
    ~helper_threads();
    helper_threads(const helper_threads&) = delete;
    helper_threads& operator=(const helper_threads&) = delete;

    /// `work` must not throw.
    void run(std::function<void()> work);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace weft::os
