// SPDX-License-Identifier: MIT
#pragma once

#include <weft/os/async.hpp>
#include <weft/plan/tables.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weft::engine {

/// What happened at a place; decisions are taken by this, never by an error's text.
enum class place_event {
    refused,      ///< the place answered, and would give the same answer again
    unreachable,  ///< nothing takes the connection
    broken,       ///< the connection broke: the request may have been carried out
    unanswered,   ///< no answer within the time limit: the request may have been carried out
    restored,     ///< the connection broke in the middle and is back: a retry may succeed
    lost,         ///< the place stayed away for longer than its deadline
};

/// An operation at a place failed. The text names the place and says what to do; it is shown to users.
class place_error : public std::runtime_error {
public:
    explicit place_error(const std::string& text, place_event event = place_event::refused)
        : std::runtime_error(text), event_(event) {}
    place_event event() const { return event_; }

private:
    place_event event_;
};

/// A file or directory that appears in a task's scratch before it starts: a second name of the same file,
/// made read-only where a user can be kept from writing, so nobody may write to it. Symbolic links on the way
/// to it and in it are followed as long as they stay in `directory`, else the attempt does not start.
struct link {
    std::string directory;  ///< absolute, at the same place: the scratch that it is from
    std::string path;       ///< relative to `directory`
    std::string to;         ///< relative to the task's scratch
};

/// One try at one task, ready to start: nothing in it is left to expand or to quote.
struct attempt {
    std::string task;
    unsigned number = 1;
    std::string scratch;  ///< absolute; does not exist yet, made by `run` with mode 0700
    std::string run;  ///< the run's name, `WEFT_RUN` in the task's environment (with WEFT_TASK, WEFT_ATTEMPT)
    plan::action_kind action = plan::action_kind::shell;
    std::string script;                  ///< of a shell action
    std::vector<std::string> arguments;  ///< of a program action; the first is the program
    /// Of a function action; runs on another thread. It makes its scratch itself unless `needs_scratch`.
    std::function<void(const std::stop_token&)> function;
    bool needs_scratch = true;
    std::vector<std::pair<std::string, std::string>> environment;
    /// More of the environment, which must not be in a file, an argument or a message.
    std::vector<std::pair<std::string, std::string>> secrets;
    /// Variables of this program in which other tasks' secrets are: not for this one.
    std::vector<std::string> withheld;
    std::vector<link> links;
    bool writable_inputs = false;      ///< they are copies of its own instead of links
    std::vector<std::string> outputs;  ///< what the task promises to leave: paths or patterns
};

/// How an attempt ended.
struct outcome {
    enum class kind {
        exited,       ///< `code` is the exit code
        signalled,    ///< `code` is the signal
        threw,        ///< a function did; `message` is what
        not_started,  ///< `message` says why: scratch not writable, input missing, program not found
        never_began,  ///< nothing of it runs, nor ever will, and nobody knows how it ended: another may run
        lost,         ///< the place was lost with the task; `message` says how
    };
    kind how = kind::not_started;
    int code = 0;
    std::string message;
    /// After a success, where the place looked for the promised outputs in passing: which of them is the
    /// first that is missing, the number of all of them when none is.
    std::optional<std::size_t> missing{};
    /// Which of the attempt's links names a file that was written to while it ran.
    std::optional<std::size_t> altered{};
    std::string altered_file{};  ///< below the link's directory, where it is known

    bool ok() const { return how == kind::exited && code == 0; }
};

/// Shells without bash's name: one that fails with any program of a pipeline, and one that cannot.
inline constexpr const char* shell_with_pipefail = "sh with pipefail";
inline constexpr const char* plain_shell = "sh";

/// What a place has for tasks.
struct capacity {
    unsigned slots = 1;               ///< tasks (of one cpu each) at a time
    std::uint64_t memory = 0;         ///< bytes; 0: not known
    std::string shell = plain_shell;  ///< that runs shell actions there: bash, or one of the above
};

/// Whether a place that was opened can be used.
enum class health {
    well,
    broken,  ///< not now: its connection was lost, and a new one is being made
    lost,    ///< not any more
};

enum class stop_signal { terminate, kill };

/// Runs attempts at one place: this machine, a host over SSH. All members are called on the reactor's thread.
class backend {
public:
    virtual ~backend() = default;

    /// Connects and prepares; called once, before anything else. Throws `place_error`.
    virtual os::async<capacity> open() = 0;

    /// Asked before tasks are given to it.
    virtual health health_now() const { return health::well; }

    /// Of a place that is lost: how, in a sentence that names it.
    virtual std::string why_lost() const { return {}; }

    /// The run ends: an `open` that is under way throws soon, and a connection that was lost is given up.
    virtual void interrupt() {}

    /// An attempt with this scratch will run here before long: what it needs can be made together with what
    /// others do. When none does in the end, nothing of it is left.
    virtual void expect(const std::string& /*scratch*/) {}

    /// Makes the scratch directory with `.weft/` in it (command, stdout, stderr, exit), links the inputs in,
    /// starts the task in a process group of its own, and waits for its end. Ends what the task left running
    /// in its group.
    virtual os::async<outcome> run(const attempt& what) = 0;

    /// For an attempt that an earlier process began, of which `what` has task, number, scratch and run: waits
    /// for its end like `run`.
    virtual os::async<outcome> attach(const attempt& /*what*/) {
        outcome nothing;
        nothing.how = outcome::kind::never_began;
        co_return nothing;
    }

    /// Signals the process group of a running attempt, the one whose scratch this is; a function is asked to
    /// stop. Does nothing when it has ended.
    virtual void stop(const std::string& scratch, stop_signal how) = 0;

    /// Ends every process of the run that is still there, those that left their group included, and
    /// disconnects. The last call; does not throw.
    virtual os::async<void> close() = 0;
};

}  // namespace weft::engine
