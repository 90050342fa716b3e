// SPDX-License-Identifier: MIT
// weft::run: a typed workflow meets the engine. Everything behind it is ordinary code over the plan's rows.
#pragma once

#include <weft/function/executor.hpp>
#include <weft/launch.hpp>
#include <weft/plan/lower.hpp>

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
requires(!function_workflow<W>) report run(const W& workflow, const options& how = {}) {
    static_assert(!W::functions_type::any,
                  "weft: functions and commands cannot run in one workflow yet: make it of one kind");
    const plan::lowered lowered(workflow);
    return run_plan(lowered.view(), how);
}

}  // namespace weft
