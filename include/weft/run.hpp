// SPDX-License-Identifier: MIT
// weft::run: runs a typed workflow with the engine. The code behind it is not generic and works on the plan's
// rows.
#pragma once

#include <weft/function/executor.hpp>
#include <weft/function/function_calls.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/plan/lower.hpp>
#include <weft/unique_ptr.hpp>

#include <concepts>

namespace weft {

/// A workflow that the compiler has validated.
template <class W>
concept runnable_workflow = std::constructible_from<plan::lowered, const W&>;

/// Runs `workflow` to its end and reports the status of each task: failures of tasks and hosts are in the
/// report, not thrown. Throws `options_error` before anything is started if `options` does not fit the
/// workflow. `options.stop` ends the run in order.
///
///     const weft::report result = weft::run(demo, {.hosts = {{"edge", {.address = "192.0.2.10"}}}});
///     if (!result.ok()) std::puts(result["D"].reason.c_str());
template <runnable_workflow W>
requires(!W::functions_type::any) report run(const W& workflow, const options& options = {}) {
    const plan::lowered lowered(workflow);
    return run_plan(lowered.view(), options);
}

/// A workflow of functions together with commands or files: the engine calls its functions.
template <class W>
concept mixed_workflow = W::functions_type::any && !function_workflow<W>;

namespace function {

/// A run in progress of commands and functions. `Rows` are the workflow's: the name of each function over the
/// workflow's type would be a symbol with all its tasks in it.
template <class Rows>
struct mixed_run {
    explicit mixed_run(const Rows& rows) : lowered(rows), calls(rows, lowered.view()) {}
    plan::lowered lowered;
    function_calls<Rows> calls;
};

}  // namespace function

/// The result of a run of commands and functions, with the values of the functions. It refers to the
/// workflow.
template <mixed_workflow W>
class mixed_report : public report {
public:
    mixed_report(const W& typed, const options& options) : run_(std::make_unique<under_way>(typed)) {
        static_cast<report&>(*this) = run_plan(run_->lowered.view(), options, {}, &run_->calls);
    }

    /// The value that a function task returned. Does not compile for a command, a function that returns
    /// nothing, or a value that was moved into its only consumer. Throws std::logic_error if the task did not
    /// finish.
    template <text::fixed_string Task>
    const function::value_of<W, Task>& value() const {
        const task_report& row = tasks[function::task_of<W, Task>];
        if (row.status != task_state::finished) function::refuse_value(workflow, row);
        return *static_cast<const function::value_of<W, Task>*>(
            run_->calls.value(function::task_of<W, Task>));
    }

private:
    using under_way = function::mixed_run<typename W::rows_type>;
    std::unique_ptr<under_way> run_;
};

/// Runs a workflow of commands and functions.
///
///     const auto result = weft::run(flow);
///     if (result.ok()) use(result.value<"sum">());
template <mixed_workflow W>
mixed_report<W> run(const W& workflow, const options& options = {}) {
    return {workflow, options};
}

}  // namespace weft
