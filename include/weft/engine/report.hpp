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

/// What became of one task.
struct task_report {
    std::string name;
    task_state status = task_state::waiting;
    std::string host;           ///< the place it ran at; empty: this machine
    std::string scratch;        ///< directory at that place; empty when it never started
    bool scratch_kept = false;  ///< it is still there
    bool reused = false;        ///< it finished in an earlier session of the run
    unsigned attempts = 0;
    int exit_code = -1;                  ///< -1: it has none
    int signal = 0;                      ///< 0: none ended it
    std::string reason;                  ///< why it failed or was skipped, one line
    std::string stderr_tail;             ///< the last lines of stderr of a failed task
    std::chrono::nanoseconds elapsed{};  ///< of the last attempt: from its start to its end
};

/// What became of one machine of a host.
struct host_report {
    std::string name;    ///< as in `task_report::host`
    std::string reason;  ///< why it could not be used, or was lost, in one line; empty: it could be used
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
    std::vector<host_report> hosts;  ///< every machine of every host that a task is on
    std::chrono::nanoseconds elapsed{};
    bool cancelled = false;

    /// Every task finished.
    bool ok() const;

    /// The task of that name; throws `std::out_of_range` that names it when there is none.
    const task_report& operator[](std::string_view task) const;
};

}  // namespace weft
