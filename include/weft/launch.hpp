// SPDX-License-Identifier: MIT
// launch: puts a run together (reactor, places, stager, executor, log) and carries it out.
// With cli the only part that may name every room; programs reach it through `weft::run`.
#pragma once

#include <weft/config.hpp>
#include <weft/plan/tables.hpp>
#include <weft/run/observer.hpp>
#include <weft/run/options.hpp>
#include <weft/run/report.hpp>

#include <span>
#include <stdexcept>

namespace weft {

/// The options do not fit the workflow: a host that is bound but not declared, a parameter without a value, a
/// value of the wrong type. The text names the culprit; nothing was started.
class options_error : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// Runs a lowered workflow to its end and says what became of each task. Failures of tasks and hosts are in
/// the report, not thrown. Events go to `listeners`.
report run_plan(const plan::view& what, const options& how,
                std::span<engine::observer* const> listeners = {});

}  // namespace weft
