// SPDX-License-Identifier: MIT
// run: carries a plan out.
// It knows the plan's rows, the operating system's clock and the seams in this folder (backend, files,
// stager, observer); no template of the declaring side and no concrete backend. `launch` puts it together and
// drives it.
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

/// What the workflow_run is told beside the plan.
struct settings {
    std::string run;                      ///< the run's name
    std::vector<std::string> parameters;  ///< a text per row of the plan's parameters
    std::string directory;                ///< absolute; relative inputs are below it
    std::string results;                  ///< absolute directory for collected outputs
    std::chrono::milliseconds grace{};    ///< from TERM to KILL
    secrets hidden{};                     ///< of the tasks' environments
    functions* calls = nullptr;           ///< of a workflow that has functions
    std::vector<double> weights;          ///< of tasks, for their urgency; see `urgency`
    message_listener log;                 ///< what functions say, in their threads; none: stderr
    recorder* record = nullptr;           ///< writes the run's journal, if it has one
    unsigned session = 1;                 ///< of the run; later ones go on with what earlier ones left
    bool values_wanted = true;            ///< functions run again in a later session, needed or not
    bool keep = false;
    bool fail_fast = false;
};

/// Drives every task of a plan from ready to its end. One thread, the reactor's: a task is a coroutine only
/// while it is staged, runs or is cleaned up after.
class workflow_run {
public:
    /// `places` starts with the controlling machine; backends and files outlive the workflow_run.
    workflow_run(const plan::view& plan, settings how, std::vector<place> places, stager& mover,
                 os::clock& clock, observer& listener);

    /// Opens the places that the plan needs, runs all tasks, closes the places. Once per workflow_run.
    /// Failures are in the report.
    os::async<report> run();

    /// Ends the run: tasks that have not started are cancelled, running ones get TERM, and KILL after the
    /// grace. A second call kills at once.
    void stop();

    /// Ends the run when nothing that it waits for can happen any more, which is a mistake of weft or of one
    /// of its places: what is not settled fails.
    void strand();

private:
    enum class course { runs, reused, attached };
    /// Of one attempt, which need not have been where the task runs now.
    struct scratch_directory {
        unsigned attempt;
        place* at;
        std::string path;
    };
    struct task_run {
        plan::index unmet = 0;      ///< predecessors that have not finished
        plan::index consumers = 0;  ///< tasks that refer to it and have not finished
        bool settled = false;       ///< in a final state
        bool alive = false;         ///< a coroutine works on it
        bool started = false;       ///< its command may be running
        bool timed_out = false;
        bool ran = false;             ///< its newest attempt was started
        bool begun = false;           ///< its attempt is in the journal, its end is not yet
        bool told = false;            ///< its final state is in the journal
        bool collects_again = false;  ///< reused, but what was collected of it is gone
        bool never_started = false;   ///< its newest attempt, or what was to be attached
        unsigned never_again = 0;  ///< how often in this session: a host that always says so is not believed
        course goes = course::runs;
        unsigned before = 0;                    ///< attempts of earlier sessions
        unsigned foretold = 0;                  ///< the attempt that was written down ahead of its start
        unsigned foreseen = 0;                  ///< the same, on disk
        std::string why;                        ///< it goes so
        std::string seal;                       ///< of the scratch of the attempt that finished
        os::clock::steady::time_point since{};  ///< its attempt runs
        place* at = nullptr;
        std::vector<scratch_directory> scratches;  ///< of its attempts, where something may be
        std::unique_ptr<os::clock::alarm> timer;   ///< time limit, grace, patience after KILL, or retry delay
        std::shared_ptr<os::completion<outcome>> ending;  ///< of the command that runs
    };

    // executor_places.ipp: where tasks run
    os::async<void> open(place& at);
    void note_plain_shell(const place& at);
    void review(const place& at);
    std::string hopeless(plan::index task) const;
    std::string unusable(plan::index host) const;
    bool note_lost_places();
    bool any_finished(plan::index host) const;
    void dispatch();
    os::async<void> tidy();
    std::vector<std::string> directories_around_tasks() const;

    // executor_task.ipp: the life of one task
    os::async<void> live(plan::index task);
    using found_paths = std::vector<std::vector<std::string>>;  ///< of each pattern that is collected
    os::async<found_paths> attempt_once(plan::index task);
    os::async<outcome> start(plan::index task);
    void expect_end(plan::index task);
    void judge_inputs(plan::index task, const attempt& what, outcome& ended);
    os::async<outcome> end_of(plan::index task, std::shared_ptr<const attempt> what, course how);
    void call_function(plan::index task, std::vector<std::vector<std::string>> files, attempt& next);
    os::async<void> forget_empty_scratch(plan::index task);
    bool may_retry(plan::index task) const;
    void judge(plan::index task, const outcome& ended) const;
    os::async<void> check_outputs(plan::index task, std::optional<std::size_t> missing);
    os::async<found_paths> find_collected(plan::index task);
    os::async<void> collect(plan::index task, found_paths found);
    os::async<std::vector<os::path_below>> fetch_collected(plan::index task, std::string arrival,
                                                           const found_paths& found);
    os::async<void> replace_results(plan::index task, std::string arrival,
                                    std::vector<os::path_below> arrived);
    os::async<void> remove_old_arrivals();
    os::async<std::string> examine(plan::index task);
    void limit_time(plan::index task);
    void retry_later(plan::index task);

    // executor_resume.ipp, executor_reuse.ipp: what earlier sessions of the run left
    os::async<void> take_up();
    os::async<void> decide_alone(plan::index task);
    os::async<void> decide_together();
    void note_uncertain();
    os::async<bool> is_there(plan::index task);
    os::async<std::string> damage_to(plan::index task);
    os::async<bool> is_intact(const past_attempt& left, place& at);
    os::async<void> end_what_is_left(plan::index task);
    os::async<void> kill_and_remove(plan::index task, past_scratch left, place& at);
    void finish_removals();
    os::async<void> finish_removal(plan::index task, past_scratch left, place& at);
    bool is_needed(plan::index task) const;
    bool is_collected(plan::index task) const;
    bool takes_value_only(plan::index task, plan::index function) const;
    std::string forced(plan::index task) const;
    void run_again(plan::index task, std::string why);
    void begin_again(plan::index task, std::string why);
    place* find_place(plan::index task, const std::string& name, const std::string& machine);
    os::async<std::string> collect_again(plan::index task);
    os::async<void> reuse(plan::index task);
    os::async<outcome> attach(plan::index task);

    // executor_record.ipp: the journal
    os::async<void> record_begin(plan::index task, const fingerprint& made_of);
    std::vector<plan::index> foresee(plan::index task);
    os::async<void> make_durable(bool foreseen = false);
    void record_end(plan::index task, task_state state, bool collects = false);
    os::async<void> seal(plan::index task);
    os::async<std::string> bring_home(plan::index task, found_paths found);
    os::async<void> close_record();
    os::async<void> let_go_after_functions();

    // executor_end.ipp: that every run ends
    void end_run();
    void end_attempt(plan::index task, stop_signal how);
    void give_up(plan::index task, const std::string& scratch);
    os::async<void> close(place& at);
    void fail_broken(plan::index task, std::string reason);
    void begin(os::async<void> work, plan::index task = plan::none);
    os::async<void> keep_count(os::async<void> work, plan::index task);
    void in_turn(const std::function<void()>& action);
    void look_for_end();
    void fail_all(const std::string& why);

    // workflow_run.ipp: states, and what follows from them
    void become_ready(plan::index task);
    void enter(plan::index task, task_state state);
    void settle(plan::index task, task_state state);
    void fail(plan::index task, std::string reason);
    void let_go_of_inputs(plan::index consumer);
    os::async<void> remove_scratch(plan::index task);
    std::string scratch_of(plan::index task, unsigned attempt) const;
    std::string scratch_of(plan::index task, unsigned attempt, const place& at) const;
    place* only_place(plan::index task);

    const plan::view& plan_;
    settings how_;
    std::vector<place> places_;
    stager& mover_;
    os::clock& clock_;
    observer& listener_;
    staging staging_;
    report report_;
    std::vector<task_run> tasks_;
    std::vector<staging::source> sources_;
    scheduler scheduler_;
    std::vector<place*> only_machines_;  ///< of each host, if it has one
    std::vector<past_attempt> past_;     ///< of each task, in a later session
    std::vector<signed char> there_;     ///< whether its files are: -1 is not known yet
    std::vector<bool> uncertain_;        ///< whether it runs hangs on a value that is still to come
    std::size_t opening_ = 0;            ///< places
    os::completion<bool> all_opened_;
    bool taking_up_ = false;
    bool unrecorded_ = false;  ///< the journal cannot be written: nothing starts any more
    std::stop_source staging_stop_;
    std::unique_ptr<os::clock::alarm> patience_;  ///< with hosts, once the run is to end
    os::completion<bool> done_;
    std::minstd_rand jitter_{std::random_device{}()};
    std::size_t unsettled_ = 0;
    std::size_t working_ = 0;  ///< coroutines and callbacks under way
    bool waiting_ = false;     ///< for the end: all that could begin has begun
    unsigned stops_ = 0;
    bool dispatching_ = false;
};

}  // namespace weft::engine
