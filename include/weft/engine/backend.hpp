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

/// What happened at a place. The engine decides by this value, never by the error's text.
enum class place_event {
    refused,      ///< the place answered; a retry would get the same answer
    unreachable,  ///< no connection could be made
    broken,       ///< the connection broke: the request may have been carried out
    unanswered,   ///< no answer within the time limit: the request may have been carried out
    restored,     ///< the connection broke during the operation and is back: a retry may succeed
    lost,         ///< the place was unreachable for longer than its deadline
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

/// A file or directory that is linked into a task's scratch before the task starts. It is a hard link to the
/// same file, made read-only where the user's permissions are enforced, because other tasks may read it.
/// Symbolic links on the way to it and in it are followed while they stay in `directory`; otherwise the
/// attempt does not start.
struct link {
    std::string directory;  ///< absolute, at the same place: the scratch that holds the file
    std::string path;       ///< relative to `directory`
    std::string to;         ///< relative to the task's scratch
};

/// One attempt of a task, ready to start: all references are expanded and quoted.
struct attempt {
    std::string task;
    unsigned number = 1;
    std::string scratch;  ///< absolute; `run` creates it with mode 0700
    std::string run;  ///< the run's name, `WEFT_RUN` in the task's environment (with WEFT_TASK, WEFT_ATTEMPT)
    plan::action_kind action = plan::action_kind::shell;
    std::string script;                  ///< of a shell action
    std::vector<std::string> arguments;  ///< of a program action; the first is the program
    /// For a function action; runs on another thread. Without `needs_scratch` the function creates its
    /// scratch on demand.
    std::function<void(const std::stop_token&)> function;
    bool needs_scratch = true;
    std::vector<std::pair<std::string, std::string>> environment;
    /// Environment variables whose values must not appear in a file, an argument or a message.
    std::vector<std::pair<std::string, std::string>> secrets;
    /// Variables of this program that hold other tasks' secrets; removed from this task's environment.
    std::vector<std::string> withheld;
    std::vector<link> links;
    bool writable_inputs = false;      ///< inputs are private copies instead of links
    std::vector<std::string> outputs;  ///< declared outputs: paths or patterns
};

/// How an attempt ended.
struct outcome {
    enum class kind {
        exited,       ///< `code` is the exit code
        signalled,    ///< `code` is the signal
        threw,        ///< a function threw; `message` is the exception's text
        not_started,  ///< `message` says why: scratch not writable, input missing, program not found
        never_began,  ///< it does not run and never will; how it ended is unknown; another attempt may start
        lost,         ///< the place was lost while the task ran; `message` says how
    };
    kind how = kind::not_started;
    int code = 0;
    std::string message;
    /// After a success, if the place checked the declared outputs: the index of the first missing one, or
    /// their number when none is missing.
    std::optional<std::size_t> missing{};
    /// The index of the attempt's link whose file was altered while it ran.
    std::optional<std::size_t> altered{};
    std::string altered_file{};  ///< relative to the link's directory; empty if unknown

    bool ok() const { return how == kind::exited && code == 0; }
};

/// Shells other than bash: with pipefail, and without.
inline constexpr const char* shell_with_pipefail = "sh with pipefail";
inline constexpr const char* plain_shell = "sh";

/// What a place offers to tasks.
struct capacity {
    unsigned slots = 1;               ///< tasks (of one cpu each) at a time
    std::uint64_t memory = 0;         ///< bytes; 0: not known
    std::string shell = plain_shell;  ///< runs shell actions there: bash, or one of the above
};

/// Whether an opened place can be used.
enum class health {
    well,
    broken,  ///< its connection was lost; it is reconnecting
    lost,    ///< its deadline has passed; it is not used again
};

enum class stop_signal { terminate, kill };

/// Runs attempts at one place: this machine, a host over SSH. All members are called on the reactor's thread.
class backend {
public:
    virtual ~backend() = default;

    /// Connects and prepares; called once, before anything else. Throws `place_error`.
    virtual os::async<capacity> open() = 0;

    /// The scheduler checks this before it assigns a task.
    virtual health health_now() const { return health::well; }

    /// Why a lost place was lost: a sentence that names it.
    virtual std::string why_lost() const { return {}; }

    /// The run ends: a pending `open` throws soon, and reconnecting stops.
    virtual void interrupt() {}

    /// Hint: an attempt with this scratch will start here soon, so its setup can be batched with that of
    /// others. If it never starts, nothing is left behind.
    virtual void expect(const std::string& /*scratch*/) {}

    /// Makes the scratch directory with `.weft/` in it (command, stdout, stderr, exit), links the inputs in,
    /// starts the task in its own process group, and waits for it to end. Kills processes that the task left
    /// in its group.
    virtual os::async<outcome> run(const attempt& what) = 0;

    /// Waits, like `run`, for an attempt that an earlier process started. `what` has its task, number,
    /// scratch and run.
    virtual os::async<outcome> attach(const attempt& /*what*/) {
        outcome nothing;
        nothing.how = outcome::kind::never_began;
        co_return nothing;
    }

    /// Signals the process group of the running attempt with this scratch; for a function, requests a stop.
    /// Does nothing after the attempt has ended.
    virtual void stop(const std::string& scratch, stop_signal how) = 0;

    /// Ends all remaining processes of the run, including those that left their process group, and
    /// disconnects. The last call; does not throw.
    virtual os::async<void> close() = 0;
};

}  // namespace weft::engine
