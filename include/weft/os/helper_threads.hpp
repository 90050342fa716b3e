// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/std_function.hpp>

#include <memory>
#include <string>
#include <system_error>

namespace weft::os {

/// The message for a failed start of a `std::thread`: the exhausted resource and where its limit is shown.
std::string thread_trouble(const std::system_error& error);

/// Threads for blocking work. The first is started by the constructor, so that work can always be done; more
/// are started when work is queued, as far as the system allows.
class helper_threads {
public:
    /// Throws `std::runtime_error` when not even one thread can be started.
    explicit helper_threads(unsigned most);
    /// Waits for running work; drops queued work that has not started.
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
