// SPDX-License-Identifier: MIT
// function: runs workflows of functions in this process. It joins what `plan` lowered to the `pool`.
// All that knows types of the workflow is in executor.hpp; this is ordinary code over tables.
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

/// A task threw. The exception itself is nested: std::rethrow_if_nested.
class task_failed : public std::runtime_error {
public:
    task_failed(std::string_view task, std::string_view workflow, const std::string& what)
        : std::runtime_error(text::joined("task '", task, "' of workflow '", workflow, "' failed: ", what)),
          task_(task) {}
    const std::string& task() const { return task_; }

private:
    std::string task_;
};

/// Is told when a task begins and when it has ended, on the thread on which it runs: several at a time.
using task_listener = std::function<void(std::string_view task, task_state now)>;

namespace function {

/// Runs the functions of one workflow, many times, and holds what they returned until the next run. A run
/// allocates nothing itself.
class function_run {
public:
    /// `tables` and `what` outlive it, and so do the callables, of which `callables` holds the addresses.
    function_run(const plan::view& what, const plan::function_view& functions,
                 std::vector<const void*> callables, pool::workers& pool);
    /// Waits for a run that another thread has under way, which is asked to stop.
    ~function_run();
    function_run(const function_run&) = delete;
    function_run& operator=(const function_run&) = delete;

    /// Its values; parameters are made there before the first run.
    call_frame& frame() { return frame_; }

    /// True when all tasks finished. Exceptions of tasks are kept. Throws std::logic_error when it is under
    /// way already.
    bool run(const std::stop_token& stop);
    /// The same; throws the first exception, nested in a `task_failed`.
    bool run_or_throw(const std::stop_token& stop);
    void listen(task_listener listener) { listener_ = std::move(listener); }

    const std::vector<pool::failure>& failures() const { return run_->failures(); }
    task_state state_of(std::size_t task) const;
    /// The value of a task that finished; throws std::logic_error that names it otherwise.
    const void* value(std::size_t task) const;
    /// What became of each task in the last run.
    report told() const;

private:
    static bool walk(void* self, pool::cursor& at, pool::index from);
    bool walk_told(pool::cursor& at, pool::index from);
    bool walk_blocks(pool::cursor& at, pool::index from);
    bool run_once(const std::stop_token& stop);
    void rethrow() const;
    std::vector<std::string_view> causes_of(const report& all) const;
    void tell(pool::index task, task_state now) const;
    struct occupied;

    const plan::view& what_;
    const plan::function_view functions_;
    call_frame frame_;
    task_listener listener_;
    bool ran_ = false;
    std::atomic<bool> running_{false};
    std::optional<pool::graph_run> run_;
};

/// The threads that all runs share to which no others were given.
pool::workers& shared_workers();

/// Says that the task of that row has no value, and why: throws std::logic_error.
[[noreturn]] void refuse_value(std::string_view workflow, const task_report& row);

/// The text of an exception, with those that are nested in it.
std::string text_of(const std::exception_ptr& error);

}  // namespace function
}  // namespace weft
