// SPDX-License-Identifier: MIT
#pragma once

#include <weft/duration.hpp>
#include <weft/engine/functions.hpp>
#include <weft/engine/place.hpp>
#include <weft/engine/report.hpp>
#include <weft/os/async.hpp>
#include <weft/plan/tables.hpp>

#include <string>
#include <utility>
#include <vector>

namespace weft::engine {

/// The parts of what makes a task's result what it is, by name, each with its digest. Two results are the
/// same when all parts are.
using fingerprint = std::vector<std::pair<std::string, std::string>>;

/// The digest of a part that is not known yet: the value of a function that has not run. It differs from
/// none.
inline constexpr const char* unknown_digest = "?";

/// The digest of a file that was not there when a task began: what is there later is taken for its work.
inline constexpr const char* nothing_there = "nothing";

/// The scratch directory of an attempt of an earlier session, of which something may be there.
struct past_scratch {
    unsigned attempt = 0;
    std::string host;  ///< the name of its place
    std::string machine;
    std::string path;
    bool going = false;      ///< its removal was announced
    bool abandoned = false;  ///< nobody knows how the attempt ended, or whether it did
};

/// What earlier sessions of the run left of a task: its newest attempt.
struct past_attempt {
    enum class state {
        none,      ///< it never began
        begun,     ///< it began, and nobody wrote down how it ended
        failed,    ///< it ended badly or was cancelled
        finished,  ///< it ended well
    };
    state how = state::none;
    unsigned number = 0;
    std::string host;     ///< the name of its place
    std::string machine;  ///< of its place
    std::string scratch;
    bool foreseen = false;  ///< it began, or was only about to: the machine that knew went down
    bool removed = false;   ///< its scratch
    bool home = true;       ///< what it has to bring home was brought
    std::string seal;       ///< of its scratch, see `files::seal`
    fingerprint made_of;
    std::chrono::nanoseconds elapsed{};
    std::vector<past_scratch> scratches;  ///< of all attempts, the newest one's too
};

/// Writes down what a run does before it does it, and knows what earlier sessions of the run did. All members
/// are called on the reactor's thread.
class recorder {
public:
    virtual ~recorder() = default;

    /// What is known from earlier sessions.
    virtual past_attempt past(plan::index task) const = 0;

    /// What `task` would be made of at `at`; `so_far` has the attempts of its predecessors. Without `calls`
    /// values of functions are unknown. Reads the declared inputs; throws `place_error` when it cannot.
    virtual os::async<fingerprint> identify(plan::index task, const place& at, const report& so_far,
                                            const functions* calls) = 0;

    /// From now on there may be something of the run in the place's directory.
    virtual void opens(const place& at) = 0;

    /// The attempt that `row` tells of may start before long: when that is durable, its start only needs to
    /// be written.
    virtual void foresees(const task_report& row, const place& at) = 0;

    /// The attempt that `row` tells of is about to start.
    virtual void begins(const task_report& row, const place& at, const fingerprint& made_of) = 0;

    /// The attempt has ended; `state` is what becomes of the task: waiting when it will be tried again.
    /// `collects`: it has finished, and its outputs are now to be brought home. `seal` is its scratch's.
    virtual void ends(const task_report& row, task_state state, bool collects, const std::string& seal) = 0;

    /// They were.
    virtual void collected(const task_report& row) = 0;

    /// The scratch directories of the task are about to be removed.
    virtual void removes(const task_report& row) = 0;

    /// The scratch directory of this attempt, with which nobody goes on, is about to be removed.
    virtual void abandons(const task_report& row, unsigned attempt) = 0;

    /// The scratch directory of this attempt was removed.
    virtual void removed(const task_report& row, unsigned attempt) = 0;

    /// A task that will not be tried got its state.
    virtual void settles(const task_report& row) = 0;

    virtual void run_ends(const report& result) = 0;

    /// Gives all of the above to the system: it outlives this process, not the machine's. Throws
    /// `place_error`.
    virtual void write() = 0;

    /// Waits until all of the above is on disk. What happens in one turn of the reactor goes there at once.
    /// Throws `place_error`.
    virtual os::async<void> durable() = 0;
};

}  // namespace weft::engine
