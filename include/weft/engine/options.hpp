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

/// Is told what functions say by `context::log`; in their threads, several at a time.
using message_listener = std::function<void(std::string_view task, std::string_view message)>;

/// How a workflow runs.
struct options {
    std::vector<host_binding> hosts{};
    std::map<std::string, std::string> parameters{};  ///< values by name, as text
    /// Where relative paths of parameters and of `inputs<>` begin; empty: the current directory.
    std::string directory{};
    std::string scratch = "/tmp";     ///< base directory of the runs' scratch
    std::string results = "results";  ///< where `collect<>` brings outputs
    unsigned jobs = 0;                ///< tasks at a time on this machine; 0: one per processor
    std::uint64_t memory = 0;         ///< bytes that tasks here may declare together; 0: all that there is
    bool keep = false;                ///< keep every scratch directory
    /// Where the run's journal is kept, `<state>/<workflow>/<run>/`; empty: there is none, and no resume.
    std::string state{};
    /// A run, by its name, that is in `state` and goes on: what is finished and unchanged is reused, what
    /// still runs on hosts is waited for, the rest runs.
    std::string resume{};
    bool explain = false;    ///< with `resume`: says of each task why it runs or does not
    bool fail_fast = false;  ///< the first failure ends the run
    /// A host whose connection was lost, or that does not answer, for so long is unreachable: its tasks fail
    /// or are tried again, as they say.
    std::chrono::milliseconds host_deadline = std::chrono::seconds(60);
    std::chrono::milliseconds grace = std::chrono::seconds(5);  ///< from TERM to KILL
    /// Ctrl-C, SIGTERM and SIGHUP end the run in order; a second time at once, by leaving the process (exit
    /// code 130) when a host does not answer within 2 s. For programs that do nothing else.
    bool handle_signals = false;
    std::stop_token stop{};         ///< ends the run in order
    message_listener on_message{};  ///< none: what functions say goes to the run's log, or to stderr
};

/// The options do not fit the workflow: a host that is bound but not declared, a parameter without a value, a
/// value of the wrong type. The text names the culprit; nothing was started.
class options_error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

}  // namespace weft
