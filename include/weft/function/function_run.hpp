// SPDX-License-Identifier: MIT
// function: runs workflows of functions in this process. It connects the tables of `plan` with the `pool`.
// Only executor.hpp knows types of the workflow; this is ordinary code over tables.
#pragma once

#include <weft/engine/report.hpp>
#include <weft/function/call_frame.hpp>
#include <weft/plan/function_rows.hpp>
#include <weft/plan/tables.hpp>
#include <weft/pool/graph_run.hpp>
#include <weft/pool/workers.hpp>
#include <weft/std_function.hpp>
#include <weft/text/joined.hpp>
#include <weft/unique_ptr.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// Thrown when a task has thrown. The task's exception is nested: std::rethrow_if_nested.
class task_failed : public std::runtime_error {
public:
    task_failed(std::string_view task, std::string_view workflow, const std::string& what)
        : std::runtime_error(text::joined("task '", task, "' of workflow '", workflow, "' failed: ", what)),
          task_(task) {}
    const std::string& task() const { return task_; }

private:
    std::string task_;
};

/// Called at the start and at the end of each task, on the thread that runs the task: concurrently.
using task_listener = std::function<void(std::string_view task, task_state now)>;

namespace function {

/// Runs the functions of one workflow, many times, and keeps their results until the next run. A run itself
/// allocates nothing.
class function_run {
public:
    /// `what` and `functions` must outlive it, and so must the callables, whose addresses are in `callables`.
    function_run(const plan::view& what, const plan::function_view& functions,
                 std::vector<const void*> callables, pool::workers& pool);
    /// Stops a run in progress on another thread and waits for it.
    ~function_run();
    function_run(const function_run&) = delete;
    function_run& operator=(const function_run&) = delete;

    /// The values of the run; parameters are constructed there before the first run.
    call_frame& frame() { return frame_; }

    /// Returns true if all tasks finished. Exceptions of tasks are kept. Throws std::logic_error if it is
    /// already running.
    bool run(const std::stop_token& stop);
    /// The same; throws the first exception, nested in a `task_failed`.
    bool run_or_throw(const std::stop_token& stop);
    void listen(task_listener listener) { listener_ = std::move(listener); }

    const std::vector<pool::failure>& failures() const { return run_->failures(); }
    task_state state_of(std::size_t task) const;
    /// The value of a finished task; otherwise throws std::logic_error with the task's name.
    const void* value(std::size_t task) const;
    /// The status of each task in the last run.
    report last_report() const;

private:
    static bool walk(void* self, pool::cursor& at, pool::index from);
    bool walk_notifying(pool::cursor& at, pool::index from);
    bool walk_blocks(pool::cursor& at, pool::index from);
    bool run_once(const std::stop_token& stop);
    void rethrow() const;
    std::vector<std::string_view> causes_of(const report& all) const;
    void notify(pool::index task, task_state now) const;
    struct occupied;

    const plan::view& what_;
    const plan::function_view functions_;
    call_frame frame_;
    task_listener listener_;
    bool ran_ = false;
    std::atomic<bool> running_{false};
    std::optional<pool::graph_run> run_;
};

/// The threads of all runs without workers of their own.
pool::workers& shared_workers();

/// Throws std::logic_error: the task of that row has no value, for the reason in its status.
[[noreturn]] void refuse_value(std::string_view workflow, const task_report& row);

/// The text of an exception, with that of its nested exceptions.
std::string text_of(const std::exception_ptr& error);

}  // namespace function
}  // namespace weft
