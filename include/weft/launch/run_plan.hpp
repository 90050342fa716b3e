// SPDX-License-Identifier: MIT
// launch: assembles a run (reactor, places, stager, workflow_run, log) and runs it.
// Besides cli, the only room that may use every other room; programs call it through `weft::run`.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/functions.hpp>
#include <weft/engine/observer.hpp>
#include <weft/engine/options.hpp>
#include <weft/engine/report.hpp>
#include <weft/plan/tables.hpp>

#include <span>

namespace weft {

/// Runs a lowered workflow to its end and reports the state of each task. Failures of tasks and hosts are in
/// the report, not thrown. Events go to `listeners`; `calls` runs the workflow's functions, if it has any.
report run_plan(const plan::view& plan, const options& options,
                std::span<engine::observer* const> listeners = {}, engine::functions* calls = nullptr);

}  // namespace weft
