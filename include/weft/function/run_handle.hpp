// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>
#include <weft/std_function.hpp>
#include <weft/unique_ptr.hpp>

#include <stop_token>

namespace weft {

/// A run in a background thread. Its destructor stops it and waits for it.
///
///     auto handle = executor.run_async();
///     handle.get();   // what executor.run() would have returned or thrown
class run_handle {
public:
    explicit run_handle(std::function<bool(const std::stop_token&)> run);
    run_handle(run_handle&&) noexcept;
    run_handle& operator=(run_handle&&) noexcept;
    ~run_handle();

    /// Waits. Returns true if all tasks finished, false if the run was stopped; throws the exception of the
    /// run.
    bool get();
    void wait() const;
    /// Whether the run ends within that time.
    bool wait_for(std::chrono::nanoseconds time) const;
    bool is_done() const { return wait_for(std::chrono::nanoseconds(0)); }
    /// After this no task begins.
    void request_stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace weft
