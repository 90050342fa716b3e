// SPDX-License-Identifier: MIT
// engine: runs a plan. It knows the plan's rows, the operating system's clock and the interfaces in this
// folder (backend, files, stager, observer); no template of the declaring side and no concrete backend.
// `launch` assembles and drives it.
#pragma once

#include <weft/config.hpp>
#include <weft/duration.hpp>
#include <weft/engine/functions.hpp>
#include <weft/engine/observer.hpp>
#include <weft/engine/options.hpp>
#include <weft/engine/place.hpp>
#include <weft/engine/recorder.hpp>
#include <weft/engine/report.hpp>
#include <weft/engine/scheduler.hpp>
#include <weft/engine/secrets.hpp>
#include <weft/engine/staging.hpp>
#include <weft/os/clock.hpp>
#include <weft/plan/tables.hpp>

#include <functional>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

namespace weft::engine {

/// The parameters of a `workflow_run` besides the plan.
struct settings {
    std::string run;                      ///< the run's name
    std::vector<std::string> parameters;  ///< one text per row of the plan's parameters
    std::string directory;                ///< absolute; base of relative inputs
    std::string results;                  ///< absolute directory for collected outputs
    std::chrono::milliseconds grace{};    ///< from TERM to KILL
    secrets hidden{};                     ///< secrets of the tasks' environments
    functions* calls = nullptr;           ///< set for a workflow with functions
    std::vector<double> weights;          ///< of the tasks, see `urgency`
    message_listener log;                 ///< receives messages of functions, on their threads; none: stderr
    recorder* record = nullptr;           ///< writes the run's journal; null: no journal
    unsigned session = 1;                 ///< of the run, from 1; a later session resumes the run
    bool values_wanted = true;  ///< in a later session, run all functions again to have their values
    bool keep = false;
    bool fail_fast = false;
};

/// Drives every task of a plan to its end, on the reactor's thread. A task has a coroutine only while it
/// stages in, runs or is cleaned up.
class workflow_run {
public:
    /// `places` starts with the controlling machine; backends and files must outlive the workflow_run.
    workflow_run(const plan::view& plan, settings chosen, std::vector<place> places, stager& mover,
                 os::clock& clock, observer& listener);

    /// Opens the places that the plan needs, runs all tasks, closes the places. Called once. Failures are in
    /// the report.
    os::async<report> run();

    /// Ends the run: cancels tasks that have not started, sends TERM to running ones, and KILL after the
    /// grace. A second call sends KILL at once.
    void stop();

    /// Ends a run whose reactor has no event left to wait for, a defect of weft or of a backend: fails all
    /// unsettled tasks.
    void fail_stranded();

private:
    enum class resume_decision { runs, reused, attached };
    /// Of one attempt, possibly at another place than the current one.
    struct scratch_directory {
        unsigned attempt;
        place* at;
        std::string path;
    };
    struct task_run {
        plan::index unmet = 0;      ///< predecessors that have not finished
        plan::index consumers = 0;  ///< referring tasks that have not finished
        bool settled = false;       ///< in a final state
        bool alive = false;         ///< it has a coroutine
        bool started = false;       ///< its command may be running
        bool timed_out = false;
        bool ran = false;            ///< its newest attempt was started
        bool begun = false;          ///< the start of its attempt is journaled, the end is not
        bool journaled = false;      ///< its final state is in the journal
        bool must_collect = false;   ///< reused, but its collected outputs are missing
        bool never_started = false;  ///< its newest attempt, or the one to attach to, never started
        unsigned restart_count = 0;  ///< in this session; limited, as a host may always report `never_began`
        resume_decision decision = resume_decision::runs;
        unsigned past_attempts = 0;  ///< attempts in earlier sessions
        unsigned pre_journaled = 0;  ///< the attempt journaled ahead of its start
        unsigned pre_synced = 0;     ///< the attempt journaled ahead of its start, and synced to disk
        std::string why;             ///< the reason for the decision
        std::string seal;            ///< of the finished attempt's scratch, see `files::seal`
        os::clock::steady::time_point started_at{};  ///< start of its attempt
        place* at = nullptr;
        std::vector<scratch_directory> scratches;  ///< of its attempts; they may still exist
        std::unique_ptr<os::clock::alarm> timer;   ///< time limit, grace, patience after KILL, or retry delay
        std::shared_ptr<os::completion<outcome>> ending;  ///< of the running attempt
    };

    // workflow_run_places.ipp: where tasks run
    os::async<void> open(place& at);
    void note_plain_shell(const place& at);
    void fail_unschedulable(const place& at);
    std::string why_unschedulable(plan::index task) const;
    std::string why_unusable(plan::index host) const;
    bool note_lost_places();
    bool any_finished(plan::index host) const;
    void dispatch();
    os::async<void> tidy();
    std::vector<std::string> directories_around_tasks() const;

    // workflow_run_task.ipp and workflow_run_outputs.ipp: the life of one task
    os::async<void> run_task(plan::index task);
    using found_paths = std::vector<std::vector<std::string>>;  ///< per collected pattern
    os::async<found_paths> attempt_once(plan::index task);
    os::async<outcome> start(plan::index task);
    void expect_end(plan::index task);
    void check_inputs(plan::index task, const attempt& what, outcome& ended);
    os::async<outcome> end_of(plan::index task, std::shared_ptr<const attempt> what,
                              resume_decision decision);
    void call_function(plan::index task, std::vector<std::vector<std::string>> files, attempt& next);
    os::async<void> forget_empty_scratch(plan::index task);
    bool may_retry(plan::index task) const;
    void throw_if_failed(plan::index task, const outcome& ended) const;
    os::async<void> check_outputs(plan::index task, std::optional<std::size_t> missing);
    os::async<found_paths> find_collected(plan::index task);
    os::async<void> collect(plan::index task, found_paths found);
    os::async<std::vector<os::path_below>> fetch_collected(plan::index task, std::string arrival,
                                                           const found_paths& found);
    os::async<void> replace_results(plan::index task, std::string arrival,
                                    std::vector<os::path_below> arrived);
    os::async<void> remove_old_arrivals();
    os::async<std::string> diagnose(plan::index task);
    void limit_time(plan::index task);
    void retry_later(plan::index task);

    // workflow_run_resume.ipp, workflow_run_reuse.ipp: tasks of earlier sessions
    os::async<void> decide_resume();
    os::async<void> decide_alone(plan::index task);
    os::async<void> decide_together();
    void note_uncertain();
    os::async<bool> has_intact_files(plan::index task);
    os::async<std::string> describe_damage(plan::index task);
    os::async<bool> is_intact(const past_attempt& left, place& at);
    os::async<void> end_past_attempt(plan::index task);
    os::async<void> kill_and_remove(plan::index task, past_scratch left, place& at);
    void finish_removals();
    os::async<void> finish_removal(plan::index task, past_scratch left, place& at);
    bool is_needed(plan::index task) const;
    bool is_collected(plan::index task) const;
    bool takes_value_only(plan::index task, plan::index function) const;
    std::string why_not_reusable(plan::index task) const;
    void decide_to_run(plan::index task, std::string why);
    void restart(plan::index task, std::string why);
    place* place_of_attempt(plan::index task, const std::string& name, const std::string& machine);
    os::async<std::string> collect_again(plan::index task);
    os::async<void> reuse(plan::index task);
    os::async<outcome> attach(plan::index task);

    // workflow_run_record.ipp: the journal
    os::async<void> record_begin(plan::index task, const fingerprint& made_of);
    std::vector<plan::index> pre_journal_next(plan::index task);
    os::async<void> make_durable(bool pre_synced = false);
    void record_end(plan::index task, task_state state, bool collects = false);
    os::async<void> seal(plan::index task);
    os::async<std::string> collect_outputs(plan::index task, found_paths found);
    os::async<void> close_record();
    os::async<void> release_function_inputs();

    // workflow_run_end.ipp: how every run ends
    void end_run();
    void end_attempt(plan::index task, stop_signal how);
    void give_up(plan::index task, const std::string& scratch);
    os::async<void> close(place& at);
    void fail_broken(plan::index task, std::string reason);
    void begin(os::async<void> work, plan::index task = plan::none);
    os::async<void> count_until_done(os::async<void> work, plan::index task);
    void in_turn(const std::function<void()>& action);
    void check_for_end();
    void fail_all(const std::string& why);

    // workflow_run.ipp: states and their consequences
    void become_ready(plan::index task);
    void enter(plan::index task, task_state state);
    void settle(plan::index task, task_state state);
    void fail(plan::index task, std::string reason);
    void release_inputs(plan::index consumer);
    os::async<void> remove_scratch(plan::index task);
    std::string scratch_of(plan::index task, unsigned attempt) const;
    std::string scratch_of(plan::index task, unsigned attempt, const place& at) const;
    place* only_place(plan::index task);

    const plan::view& plan_;
    settings settings_;
    std::vector<place> places_;
    stager& mover_;
    os::clock& clock_;
    observer& listener_;
    staging staging_;
    report report_;
    std::vector<task_run> tasks_;
    std::vector<staging::source> sources_;
    scheduler scheduler_;
    std::vector<place*> only_machines_;      ///< per host; null if it has several
    std::vector<past_attempt> past_;         ///< per task, in a later session
    std::vector<signed char> files_intact_;  ///< per task, whether its files are intact; -1: not checked yet
    std::vector<bool>
        uncertain_;            ///< per task, whether it depends on the value of a function that runs again
    std::size_t opening_ = 0;  ///< places
    os::completion<bool> all_opened_;
    bool deciding_resume_ = false;
    bool unrecorded_ = false;  ///< the journal cannot be written: no more starts
    std::stop_source staging_stop_;
    std::unique_ptr<os::clock::alarm> patience_;  ///< runs while the run ends: then reconnecting stops
    os::completion<bool> done_;
    std::minstd_rand jitter_{std::random_device{}()};
    std::size_t unsettled_ = 0;
    std::size_t working_ = 0;  ///< pending coroutines and callbacks
    bool waiting_ = false;     ///< everything that can start at first has started
    unsigned stops_ = 0;
    bool dispatching_ = false;
};

}  // namespace weft::engine
