// SPDX-License-Identifier: MIT
// journal: the durable record of a run.
// It knows the engine's interfaces (engine::recorder), the plan's rows and the operating system; never the
// workflow_run, never a backend. `launch` passes one to a run, the commands of `cli` read those of past runs.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/options.hpp>
#include <weft/engine/recorder.hpp>
#include <weft/engine/report.hpp>
#include <weft/os/process_table.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace weft::journal {

/// A journal cannot be used. The text is one line that names it and says what to do.
class journal_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One process that drove a run, and its options.
struct session {
    unsigned number = 1;
    long process = 0;
    std::string started;    ///< start time of the process in kernel ticks; identifies it together with `boot`
    std::string boot;       ///< of the machine
    std::string machine;    ///< its name
    std::string time;       ///< when the session began
    weft::options options;  ///< only hosts, parameters, scratch, results and policies
};

/// The recorded state of a task.
struct task_history {
    engine::past_attempt newest;
    task_state state = task_state::waiting;
    int exit_code = -1;
    int signal = 0;
    std::string reason;
    std::string time;                                    ///< of the last change
    std::map<unsigned, engine::past_scratch> scratches;  ///< by attempt
};

/// An attempt journaled ahead of its start. Within one boot, it has started only if a `begins` line follows;
/// after a reboot that is unknown.
struct pre_journaled_attempt {
    engine::past_attempt what;
    std::string boot;
};

/// The contents of a journal.
struct history {
    std::string workflow;
    std::string run;
    std::uint64_t sequence = 0;  ///< orders the runs of one workflow by their start, independent of the clock
    std::string time;            ///< start of the run
    std::string shape;
    std::vector<std::string> tasks;  ///< in the plan's order
    std::vector<session> sessions;
    std::map<std::string, task_history> of_task;
    std::map<std::string, pre_journaled_attempt> pre_journaled;
    std::map<std::string, std::set<std::string>> directories;  ///< directories of the run, by host
    std::string ended;      ///< how the last session ended: completed, failed, cancelled; empty: not recorded
    std::size_t whole = 0;  ///< bytes of complete lines; the rest is a torn line

    const session& last() const { return sessions.back(); }
};

/// Parses the text of a journal. If `boot` differs from the session's boot, an attempt journaled ahead of its
/// start counts as started. Ignores a torn last line; throws `journal_error` with `file` and the line number
/// for any other damage.
history read_history(std::string_view text, const std::string& file, const std::string& boot = os::boot_id());

// The lines of a journal. Each ends with a line feed.
std::string header_line(const history& past);
std::string session_line(const session& session);
std::string opens_line(const engine::place& at);
std::string pre_journal_line(const task_report& row, const engine::place& at);
std::string begins_line(const task_report& row, const engine::place& at, const engine::fingerprint& made_of);
std::string ends_line(const task_report& row, task_state state, bool collects = false,
                      const std::string& seal = {});
std::string collected_line(const task_report& row);
std::string removes_line(const task_report& row);
std::string abandons_line(const task_report& row, unsigned attempt);
std::string removed_line(const task_report& row, unsigned attempt);
std::string settles_line(const task_report& row);
std::string run_ends_line(std::string_view state, double seconds);

}  // namespace weft::journal
