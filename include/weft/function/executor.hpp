// SPDX-License-Identifier: MIT
// The typed side of running: converts parameters to values, and finds values by the names of tasks.
#pragma once

#include <weft/engine/options.hpp>
#include <weft/engine/parameters.hpp>
#include <weft/function/function_run.hpp>
#include <weft/function/run_handle.hpp>
#include <weft/function/typed_frame.hpp>
#include <weft/function/value_of.hpp>
#include <weft/plan/lower.hpp>
#include <weft/unique_ptr.hpp>

#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace weft {

/// The threads that graphs run on. The thread that starts a run works on it too, so `workers(1)` has no other
/// threads.
using workers = pool::workers;

namespace function {

/// A workflow's plan with the run of its functions, without the types of its values. Few functions name the
/// workflow's type: each of them is a symbol with all its tasks in it, and GCC's time for such a name grows
/// with its square.
class prepared_run {
public:
    template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
    prepared_run(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& workflow,
                 pool::workers& pool, const options& options)
        : plan_(workflow),
          run_(plan_.view(), workflow.functions.view(), addresses_of(workflow.functions.callables), pool),
          stop_(options.stop) {
        make_parameters(run_.frame(), workflow, engine::parameter_values(plan_.view(), options));
        run_.frame().give_log(options.on_message);
    }

    /// Returns true if all tasks finished, false if the run was stopped. If a task throws, its descendants
    /// are skipped and all other tasks run; then the first exception is rethrown, nested in a `task_failed`.
    /// Allocates nothing unless a task fails.
    bool run() { return run(stop_); }
    /// The same; begins no task after a stop request.
    bool run(const std::stop_token& stop) { return run_.run_or_throw(stop); }
    /// The same without throwing: see `failures()`.
    bool try_run() { return try_run(stop_); }
    bool try_run(const std::stop_token& stop) { return run_.run(stop); }

    /// Runs in a background thread; this object must outlive the handle. Both the handle and the options may
    /// request a stop.
    run_handle run_async() {
        return run_handle([this](const std::stop_token& asked) {
            std::stop_source either;
            const auto pass_on = [&either] { either.request_stop(); };
            const std::stop_callback by_handle(asked, pass_on);
            const std::stop_callback by_options(stop_, pass_on);
            return run(either.get_token());
        });
    }

    /// Exceptions of the last run, in order of time.
    const std::vector<pool::failure>& failures() const { return run_.failures(); }
    /// The status of each task in the last run.
    report last_report() const { return run_.last_report(); }
    /// Notifies `listener` of the start and end of every task; `{}` removes the listener. Not during a run.
    void on_change(task_listener listener) { run_.listen(std::move(listener)); }

protected:
    /// The value that the task of that number returned.
    const void* value_at(std::size_t task) const { return run_.value(task); }

private:
    plan::lowered plan_;
    function_run run_;
    std::stop_token stop_;

    friend class values_report;
};

/// The report of a run, with the values of its tasks.
class values_report : public report {
public:
    values_report(report base, std::unique_ptr<prepared_run> made)
        : report(std::move(base)), run_(std::move(made)) {}
    const std::vector<pool::failure>& failures() const { return run_->failures(); }

protected:
    const void* value_at(std::size_t task) const { return run_->value_at(task); }

private:
    std::unique_ptr<prepared_run> run_;
};

/// Runs once and returns the report of the finished run.
template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
values_report run_once(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& workflow,
                       workers& pool, const options& options) {
    auto run = std::make_unique<prepared_run>(workflow, pool, options);
    const auto start = std::chrono::steady_clock::now();
    run->try_run();
    const auto elapsed = std::chrono::steady_clock::now() - start;
    report result = run->last_report();
    result.elapsed = elapsed;
    return {std::move(result), std::move(run)};
}

/// The same, with `options.jobs` threads.
template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
values_report run_once(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& workflow,
                       const options& options) {
    if (options.jobs == 0) return run_once(workflow, shared_workers(), options);
    workers own(options.jobs);
    return run_once(workflow, own, options);
}

}  // namespace function

/// A workflow of functions only.
template <class W>
concept function_workflow = W::functions_type::complete_type;

/// Runs a workflow of functions in this process, many times. It refers to the workflow, which must outlive
/// it. At most one run at a time. Its destructor stops a run in progress on another thread and waits for it.
///
///     weft::executor flow(pipeline);        // or (pipeline, workers), or with {.parameters = {{"n", "5"}}}
///     flow.run();                           // throws workflow a task threw, nested in weft::task_failed
///     use(flow.value<"sum">());
template <function_workflow W>
class executor : public function::prepared_run {
public:
    explicit executor(const W& workflow, const options& options = {})
        : prepared_run(workflow, function::shared_workers(), options) {}
    executor(const W& workflow, workers& pool, const options& options = {})
        : prepared_run(workflow, pool, options) {}
    executor(const W&&, const options& = {}) = delete;
    executor(const W&&, workers&, const options& = {}) = delete;

    /// The value that a task returned in the last run. Does not compile for a task that returns nothing or
    /// whose value was moved into its only consumer. Throws std::logic_error if the task did not finish.
    template <text::fixed_string Task>
    const function::value_of<W, Task>& value() const {
        return *static_cast<const function::value_of<W, Task>*>(value_at(function::task_of<W, Task>));
    }
};

/// The report of a run, with the values of its tasks.
template <function_workflow W>
class graph_report : public function::values_report {
public:
    explicit graph_report(values_report&& base) : values_report(std::move(base)) {}

    /// See `executor::value`.
    template <text::fixed_string Task>
    const function::value_of<W, Task>& value() const {
        return *static_cast<const function::value_of<W, Task>*>(value_at(function::task_of<W, Task>));
    }
};

/// Runs a workflow of functions in this process, once. The report contains the values and the exceptions of
/// tasks, and refers to the workflow.
///
///     const auto result = weft::run(pipeline, {.parameters = {{"n", "5"}}});
///     if (result.ok()) use(result.value<"sum">());
template <function_workflow W>
graph_report<W> run(const W& workflow, workers& pool, const options& options = {}) {
    return graph_report<W>(function::run_once(workflow, pool, options));
}
/// The same, with `options.jobs` threads; 0 means the threads that all runs share, one per processor.
template <function_workflow W>
graph_report<W> run(const W& workflow, const options& options = {}) {
    return graph_report<W>(function::run_once(workflow, options));
}

}  // namespace weft
