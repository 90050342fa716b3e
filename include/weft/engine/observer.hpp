// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>
#include <weft/engine/report.hpp>

#include <span>
#include <string>
#include <string_view>

namespace weft::engine {

/// Listens to a run. Called on the reactor's thread, in the order of events; must not throw.
class observer {
public:
    virtual ~observer() = default;

    virtual void run_started(std::string_view /*workflow*/, std::string_view /*run*/) {}

    /// The run starts; all tasks are waiting.
    virtual void all_waiting(std::span<const task_report> rows) {
        for (const task_report& row : rows) task_changed(row, task_state::waiting);
    }

    /// The task entered `now`; `row` already says so.
    virtual void task_changed(const task_report& /*row*/, task_state /*now*/) {}

    /// An attempt failed; the next one starts after `delay`.
    virtual void task_retried(const task_report& /*row*/, std::chrono::milliseconds /*delay*/) {}

    virtual void host_opened(std::string_view /*host*/, std::chrono::nanoseconds /*took*/) {}

    /// A host could not be used; `message` is one line that says why.
    virtual void host_failed(std::string_view /*host*/, std::string_view /*message*/) {}

    /// A host is unreachable; weft reconnects for up to `patience`. `why` is a sentence that names the host.
    virtual void host_away(std::string_view /*host*/, std::string_view /*why*/,
                           std::chrono::milliseconds /*patience*/) {}

    /// The host is reachable again; `away` is how long it was not.
    virtual void host_back(std::string_view /*host*/, std::chrono::nanoseconds /*away*/) {}

    /// Files of `producer` are now at `place` for `consumer`.
    virtual void staged(std::string_view /*consumer*/, std::string_view /*producer*/,
                        std::string_view /*path*/, std::string_view /*from*/, std::string_view /*to*/,
                        std::chrono::nanoseconds /*took*/) {}

    virtual void collected(std::string_view /*task*/, std::string_view /*path*/, std::string_view /*to*/) {}

    /// A scratch directory was removed; `where` is `place:path`.
    virtual void removed(std::string_view /*task*/, std::string_view /*where*/) {}

    /// A message that a function task logged.
    virtual void said(std::string_view /*task*/, std::string_view /*message*/) {}

    /// In a resumed run: the decision for the task, `reused`, `attached` or `runs`, and the reason.
    virtual void decided(std::string_view /*task*/, std::string_view /*what*/, std::string_view /*why*/) {}

    virtual void note(std::string_view /*message*/) {}

    virtual void run_finished(const report& /*result*/) {}
};

}  // namespace weft::engine
