// SPDX-License-Identifier: MIT
// The typed side of running: parameters become values, and values are asked for by the names of tasks.
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

/// The threads that graphs run on; the thread that runs one works too, so `workers(1)` are none but it.
using workers = pool::workers;

namespace function {

/// A workflow's plan with the run of its functions; knows its values' types no more. What names the
/// workflow's type is kept few and small: each function that does is a symbol with all its tasks in it, and
/// GCC's time for such a name grows with its square.
class prepared_run {
public:
    template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
    prepared_run(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& what,
                 pool::workers& pool, const options& how)
        : plan_(what),
          run_(plan_.view(), what.functions.view(), addresses_of(what.functions.callables), pool),
          stop_(how.stop) {
        make_parameters(run_.frame(), what, engine::parameter_values(plan_.view(), how));
        run_.frame().give_log(how.on_message);
    }

    /// True when all tasks finished, false when the run was stopped. A task that throws skips those that
    /// depend on it, all others run; then the first exception is thrown on, nested in a `task_failed`.
    /// Allocates nothing unless a task fails.
    bool run() { return run(stop_); }
    /// No task is begun once a stop was requested.
    bool run(const std::stop_token& stop) { return run_.run_or_throw(stop); }
    /// The same without throwing: see `failures()`.
    bool try_run() { return try_run(stop_); }
    bool try_run(const std::stop_token& stop) { return run_.run(stop); }

    /// Runs in a thread of its own; this object must outlive the handle. Both the handle and the options may
    /// ask for its stop.
    run_handle run_async() {
        return run_handle([this](const std::stop_token& asked) {
            std::stop_source either;
            const auto pass_on = [&either] { either.request_stop(); };
            const std::stop_callback by_handle(asked, pass_on);
            const std::stop_callback by_options(stop_, pass_on);
            return run(either.get_token());
        });
    }

    /// Exceptions of the last run, in the order in which they happened.
    const std::vector<pool::failure>& failures() const { return run_.failures(); }
    /// What became of each task in the last run.
    report told() const { return run_.told(); }
    /// Tells `listener` of every task that begins or ends; `{}`: nobody. Not during a run.
    void on_change(task_listener listener) { run_.listen(std::move(listener)); }

protected:
    /// What the task of that number returned.
    const void* value_at(std::size_t task) const { return run_.value(task); }

private:
    plan::lowered plan_;
    function_run run_;
    std::stop_token stop_;

    friend class values_report;
};

/// What became of a run, with the values of its tasks.
class values_report : public report {
public:
    values_report(report told, std::unique_ptr<prepared_run> made)
        : report(std::move(told)), run_(std::move(made)) {}
    const std::vector<pool::failure>& failures() const { return run_->failures(); }

protected:
    const void* value_at(std::size_t task) const { return run_->value_at(task); }

private:
    std::unique_ptr<prepared_run> run_;
};

/// A run that has ended.
template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
values_report run_once(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& what,
                       workers& pool, const options& how) {
    auto run = std::make_unique<prepared_run>(what, pool, how);
    const auto start = std::chrono::steady_clock::now();
    run->try_run();
    const auto elapsed = std::chrono::steady_clock::now() - start;
    report told = run->told();
    told.elapsed = elapsed;
    return {std::move(told), std::move(run)};
}

/// The same, with the threads of `how.jobs`.
template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
values_report run_once(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& what,
                       const options& how) {
    if (how.jobs == 0) return run_once(what, shared_workers(), how);
    workers own(how.jobs);
    return run_once(what, own, how);
}

}  // namespace function

/// A workflow of functions only.
template <class W>
concept function_workflow = W::functions_type::complete_type;

/// Runs a workflow of functions in this process, many times. It refers to the workflow, which must outlive
/// it. At most one run at a time. Its destructor asks a run that another thread has under way to stop, and
/// waits for it.
///
///     weft::executor flow(pipeline);        // or (pipeline, workers), or with {.parameters = {{"n", "5"}}}
///     flow.run();                           // throws what a task threw, nested in weft::task_failed
///     use(flow.value<"sum">());
template <function_workflow W>
class executor : public function::prepared_run {
public:
    explicit executor(const W& what, const options& how = {})
        : prepared_run(what, function::shared_workers(), how) {}
    executor(const W& what, workers& pool, const options& how = {}) : prepared_run(what, pool, how) {}
    executor(const W&&, const options& = {}) = delete;
    executor(const W&&, workers&, const options& = {}) = delete;

    /// What a task returned in the last run. Does not compile for a task that returns nothing, or whose value
    /// was moved into its only consumer. Throws std::logic_error when the task did not finish.
    template <text::fixed_string Task>
    const function::value_of<W, Task>& value() const {
        return *static_cast<const function::value_of<W, Task>*>(value_at(function::task_of<W, Task>));
    }
};

/// What became of a run, with the values of its tasks.
template <function_workflow W>
class graph_report : public function::values_report {
public:
    explicit graph_report(values_report&& told) : values_report(std::move(told)) {}

    /// See `executor::value`.
    template <text::fixed_string Task>
    const function::value_of<W, Task>& value() const {
        return *static_cast<const function::value_of<W, Task>*>(value_at(function::task_of<W, Task>));
    }
};

/// Runs a workflow of functions in this process, once. Exceptions of tasks are in the report. It holds the
/// values too, and refers to the workflow.
///
///     const auto result = weft::run(pipeline, {.parameters = {{"n", "5"}}});
///     if (result.ok()) use(result.value<"sum">());
template <function_workflow W>
graph_report<W> run(const W& what, workers& pool, const options& how = {}) {
    return graph_report<W>(function::run_once(what, pool, how));
}
/// The same, with the threads of `how.jobs`; 0: those that all runs share, one per processor.
template <function_workflow W>
graph_report<W> run(const W& what, const options& how = {}) {
    return graph_report<W>(function::run_once(what, how));
}

}  // namespace weft
