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

/// Everything that determines a task's result, as named parts, each with its digest. Two results are the same
/// when all parts are equal.
using fingerprint = std::vector<std::pair<std::string, std::string>>;

/// The digest of a part that is not known yet: the value of a function that has not run. It matches any
/// digest.
inline constexpr const char* unknown_digest = "?";

/// The digest of a file that did not exist when a task started. A file found there later is assumed to be the
/// task's own output.
inline constexpr const char* nothing_there = "nothing";

/// The scratch directory of an attempt of an earlier session; it may still exist.
struct past_scratch {
    unsigned attempt = 0;
    std::string host;  ///< the name of its place
    std::string machine;
    std::string path;
    bool removal_journaled = false;  ///< its removal was journaled
    bool abandoned = false;          ///< whether and how the attempt ended is unknown
};

/// A task's newest attempt in earlier sessions of the run.
struct past_attempt {
    enum class state {
        none,      ///< it never started
        begun,     ///< it started, and its end was not journaled
        failed,    ///< it failed or was cancelled
        finished,  ///< it succeeded
    };
    state how = state::none;
    unsigned number = 0;
    std::string host;     ///< the name of its place
    std::string machine;  ///< of its place
    std::string scratch;
    bool pre_journaled =
        false;  ///< it started, or was about to; which of them is unknown, because the machine went down
    bool removed = false;   ///< its scratch was removed
    bool collected = true;  ///< its outputs were collected
    std::string seal;       ///< of its scratch, see `files::seal`
    fingerprint made_of;
    std::chrono::nanoseconds elapsed{};
    std::vector<past_scratch> scratches;  ///< of all attempts, including the newest
};

/// Journals each step of a run before it happens, and provides the state of earlier sessions. All members are
/// called on the reactor's thread.
class recorder {
public:
    virtual ~recorder() = default;

    /// The task's state from earlier sessions.
    virtual past_attempt past(plan::index task) const = 0;

    /// The fingerprint of `task` at `at`; `so_far` has the attempts of its predecessors. Without `calls`,
    /// values of functions are unknown. Reads the declared inputs; throws `place_error` on failure.
    virtual os::async<fingerprint> identify(plan::index task, const place& at, const report& so_far,
                                            const functions* calls) = 0;

    /// From now on the place's directory may contain files of the run.
    virtual void opens(const place& at) = 0;

    /// The attempt in `row` may start soon. Once this line is durable, the start itself only needs `write`.
    virtual void pre_journals(const task_report& row, const place& at) = 0;

    /// The attempt in `row` is about to start.
    virtual void begins(const task_report& row, const place& at, const fingerprint& made_of) = 0;

    /// The attempt has ended; `state` is the task's new state: waiting when it will be retried. `collects`:
    /// it has finished, and its outputs are collected next. `seal`: see `files::seal`.
    virtual void ends(const task_report& row, task_state state, bool collects, const std::string& seal) = 0;

    /// The outputs were collected.
    virtual void collected(const task_report& row) = 0;

    /// The scratch directories of the task are about to be removed.
    virtual void removes(const task_report& row) = 0;

    /// The scratch directory of this abandoned attempt is about to be removed.
    virtual void abandons(const task_report& row, unsigned attempt) = 0;

    /// The scratch directory of this attempt was removed.
    virtual void removed(const task_report& row, unsigned attempt) = 0;

    /// A task that will not be attempted entered its final state.
    virtual void settles(const task_report& row) = 0;

    virtual void run_ends(const report& result) = 0;

    /// Writes all of the above to the file: it survives a crash of this process, not of the machine. Throws
    /// `place_error`.
    virtual void write() = 0;

    /// Waits until all of the above is on disk. Records of one turn of the reactor share one sync. Throws
    /// `place_error`.
    virtual os::async<void> durable() = 0;
};

}  // namespace weft::engine
