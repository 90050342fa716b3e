// SPDX-License-Identifier: MIT
// journal: the durable record of a run.
// It knows the runtime's seams (engine::recorder), the plan's rows and the operating system; never the
// executor, never a backend. `launch` gives one to a run, the commands of `cli` read those of past runs.
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

/// A journal that cannot be used. The text is one line that names it and says what to do.
class journal_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One process that drove a run, and its options.
struct session {
    unsigned number = 1;
    long process = 0;
    std::string started;  ///< when the process started, in the kernel's ticks: with `boot` its identity
    std::string boot;     ///< of the machine
    std::string machine;  ///< its name
    std::string time;     ///< when the session began
    options how;          ///< hosts, parameters, scratch, results and policies; nothing else
};

/// What is known of a task.
struct task_history {
    engine::past_attempt newest;
    task_state state = task_state::waiting;
    int exit_code = -1;
    int signal = 0;
    std::string reason;
    std::string time;                                    ///< of the last change
    std::map<unsigned, engine::past_scratch> scratches;  ///< by attempt
};

/// An attempt that was about to begin. Engines of one boot wrote down whether it did; of what the machine did
/// when it went down that is not known.
struct foreseen_attempt {
    engine::past_attempt what;
    std::string boot;
};

/// A journal, read.
struct history {
    std::string workflow;
    std::string run;
    std::uint64_t sequence =
        0;             ///< runs of one workflow in the order in which they began, whatever the clock said
    std::string time;  ///< when it began
    std::string shape;
    std::vector<std::string> tasks;  ///< in the plan's order
    std::vector<session> sessions;
    std::map<std::string, task_history> of_task;
    std::map<std::string, foreseen_attempt> foreseen;
    std::map<std::string, std::set<std::string>> directories;  ///< of the run, by host
    std::string ended;  ///< how the last session ended: completed, failed, cancelled; empty: it did not say
    std::size_t whole = 0;  ///< bytes of complete lines; what follows is a torn line

    const session& last() const { return sessions.back(); }
};

/// Reads the text of a journal. Where `boot` is not that of its engine, an attempt that was about to begin
/// counts as begun. A last line that is torn is left out; anything else that is not as it should be throws
/// `journal_error` with `file` and the line's number.
history read_history(std::string_view text, const std::string& file, const std::string& boot = os::boot_id());

// The lines of a journal. Each ends with a line feed.
std::string header_line(const history& what);
std::string session_line(const session& what);
std::string opens_line(const engine::place& at);
std::string foresees_line(const task_report& row, const engine::place& at);
std::string begins_line(const task_report& row, const engine::place& at, const engine::fingerprint& made_of);
std::string ends_line(const task_report& row, task_state state, bool collects = false,
                      const std::string& seal = {});
std::string collected_line(const task_report& row);
std::string removes_line(const task_report& row);
std::string abandons_line(const task_report& row, unsigned attempt);
std::string removed_line(const task_report& row, unsigned attempt);
std::string settles_line(const task_report& row);
std::string run_ends_line(std::string_view how, double seconds);

}  // namespace weft::journal
