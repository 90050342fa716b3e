// SPDX-License-Identifier: MIT
// weft::run: a typed workflow meets the engine. Everything behind it is ordinary code over the plan's rows.
#pragma once

#include <weft/function/executor.hpp>
#include <weft/function/function_calls.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/plan/lower.hpp>
#include <weft/unique_ptr.hpp>

#include <concepts>

namespace weft {

/// A workflow that the compiler has proved sound.
template <class W>
concept runnable_workflow = std::constructible_from<plan::lowered, const W&>;

/// Runs `workflow` to its end and says what became of each task: failures of tasks and hosts are in the
/// report, not thrown. Throws `options_error` when `how` does not fit the workflow; nothing was started then.
/// `how.stop` ends the run in order.
///
///     const weft::report result = weft::run(demo, {.hosts = {{"edge", {.address = "192.0.2.10"}}}});
///     if (!result.ok()) std::puts(result["D"].reason.c_str());
template <runnable_workflow W>
requires(!W::functions_type::any) report run(const W& workflow, const options& how = {}) {
    const plan::lowered lowered(workflow);
    return run_plan(lowered.view(), how);
}

/// A workflow whose functions have to do with commands or files: the engine calls them.
template <class W>
concept mixed_workflow = W::functions_type::any && !function_workflow<W>;

namespace function {

/// A run under way of commands and functions; `Rows` are the workflow's, since each function that names the
/// workflow's type is a symbol with all its tasks in it.
template <class Rows>
struct mixed_run {
    explicit mixed_run(const Rows& what) : lowered(what), calls(what, lowered.view()) {}
    plan::lowered lowered;
    function_calls<Rows> calls;
};

}  // namespace function

/// What became of a run of commands and functions, with the values of the functions. It refers to the
/// workflow.
template <mixed_workflow W>
class mixed_report : public report {
public:
    mixed_report(const W& what, const options& how) : run_(std::make_unique<under_way>(what)) {
        static_cast<report&>(*this) = run_plan(run_->lowered.view(), how, {}, &run_->calls);
    }

    /// What a function task returned. Does not compile for a command, a function that returns nothing, or a
    /// value that was moved into its only consumer. Throws std::logic_error when the task did not finish.
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

/// The same for a workflow of commands and functions.
///
///     const auto result = weft::run(flow);
///     if (result.ok()) use(result.value<"sum">());
template <mixed_workflow W>
mixed_report<W> run(const W& workflow, const options& how = {}) {
    return {workflow, how};
}

}  // namespace weft
