// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>
#include <weft/ssh/ssh_host.hpp>
#include <weft/std_function.hpp>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct host_binding {
    std::string name{};
    ssh_host host{};
};

/// Receives the messages that functions log by `context::log`; called on their threads, possibly
/// concurrently.
using message_listener = std::function<void(std::string_view task, std::string_view message)>;

/// How a workflow runs.
struct options {
    std::vector<host_binding> hosts{};
    std::map<std::string, std::string> parameters{};  ///< values by name, as text
    /// Base of relative paths in parameters and `inputs<>`; empty: the current directory.
    std::string directory{};
    std::string scratch = "/tmp";     ///< base directory of the runs' scratch
    std::string results = "results";  ///< where `collect<>` brings outputs
    unsigned jobs = 0;                ///< tasks at a time on this machine; 0: one per processor
    std::uint64_t memory =
        0;  ///< bytes that concurrent tasks here may declare in total; 0: all memory of the machine
    bool keep = false;  ///< keep every scratch directory
    /// Base directory of the run's journal, `<state>/<workflow>/<run>/`; empty: no journal, and no resume.
    std::string state{};
    /// Name of a run in `state` to resume: finished, unchanged tasks are reused, attempts that still run on
    /// hosts are waited for, the rest runs.
    std::string resume{};
    bool explain = false;    ///< with `resume`: log why each task runs or is reused
    bool fail_fast = false;  ///< the first failure ends the run
    /// A host that is disconnected or does not answer for this long is lost: its tasks fail or are retried,
    /// according to their policy.
    std::chrono::milliseconds host_deadline = std::chrono::seconds(60);
    std::chrono::milliseconds grace = std::chrono::seconds(5);  ///< from TERM to KILL
    /// Ctrl-C, SIGTERM and SIGHUP end the run in order. A second one kills the tasks, and exits the process
    /// with code 130 if a host does not answer within 2 s. For programs that only run the workflow.
    bool handle_signals = false;
    std::stop_token stop{};         ///< ends the run in order
    message_listener on_message{};  ///< none: messages of functions go to the run's log, or to stderr
};

/// The options do not fit the workflow: a host that is bound but not declared, a parameter without a value, a
/// value of the wrong type. The text names the culprit; no task was started.
class options_error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

}  // namespace weft
