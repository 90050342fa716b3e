// SPDX-License-Identifier: MIT
// launch: puts a run together (reactor, places, stager, executor, log) and carries it out.
// With cli the only part that may name every room; programs reach it through `weft::run`.
#pragma once

#include <weft/config.hpp>
#include <weft/engine/functions.hpp>
#include <weft/engine/observer.hpp>
#include <weft/engine/options.hpp>
#include <weft/engine/report.hpp>
#include <weft/plan/tables.hpp>

#include <span>

namespace weft {

/// Runs a lowered workflow to its end and says what became of each task. Failures of tasks and hosts are in
/// the report, not thrown. Events go to `listeners`; `calls` runs the functions of a workflow that has some.
report run_plan(const plan::view& what, const options& how, std::span<engine::observer* const> listeners = {},
                engine::functions* calls = nullptr);

}  // namespace weft
