// SPDX-License-Identifier: MIT
#pragma once

#include <weft/config.hpp>
#include <weft/duration.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class task_state { ready, waiting, staging, running, finished, failed, skipped, cancelled };

/// The state as the log spells it.
constexpr std::string_view to_string(task_state state) {
    constexpr std::string_view names[] = {"ready",    "waiting", "staging", "running",
                                          "finished", "failed",  "skipped", "cancelled"};
    return names[static_cast<std::size_t>(state)];
}

/// The result of one task.
struct task_report {
    std::string name;
    task_state status = task_state::waiting;
    std::string host;           ///< the place where it ran; empty: this machine
    std::string scratch;        ///< directory at that place; empty when it never started
    bool scratch_kept = false;  ///< it still exists
    bool reused = false;        ///< it finished in an earlier session of the run
    unsigned attempts = 0;
    int exit_code = -1;                  ///< -1: none
    int signal = 0;                      ///< 0: it was not killed by one
    std::string reason;                  ///< why it failed or was skipped, one line
    std::string stderr_tail;             ///< the last lines of stderr of a failed task
    std::chrono::nanoseconds elapsed{};  ///< from start to end of the last attempt
};

/// The result of one machine of a host.
struct host_report {
    std::string name;    ///< as in `task_report::host`
    std::string reason;  ///< why it could not be used or was lost, in one line; empty: no error
};

/// The result of a run.
///
///     auto r = weft::run(demo);
///     if (!r.ok()) std::puts(r["D"].reason.c_str());
class report {
public:
    std::string workflow;
    std::string run;  ///< the run's name, which is also its scratch directory's
    std::vector<task_report> tasks;
    std::vector<host_report> hosts;  ///< every machine of every host that has tasks
    std::chrono::nanoseconds elapsed{};
    bool cancelled = false;

    /// Every task finished.
    bool ok() const;

    /// The task of that name. Throws `std::out_of_range` that names it when the workflow has none.
    const task_report& operator[](std::string_view task) const;
};

}  // namespace weft
