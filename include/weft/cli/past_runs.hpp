// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/command_line.hpp>
#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <string>

namespace weft::cli {

// The commands about runs that there are already. They need no plan beside its name: the journal says what
// was done where. Text that they return is for stdout.

/// The options of a run that goes on: what its journal says, overridden by what the command line says.
options resumed(const plan::view& what, const request& wanted);

std::string runs_text(const plan::view& what, const request& wanted);
std::string status_text(const plan::view& what, const request& wanted);

/// Prints what a task wrote, its stdout to stdout and its stderr to stderr.
int print_logs(const plan::view& what, const request& wanted);

/// Replaces this process by the task's command, or a shell, in the task's scratch.
int rerun(const plan::view& what, const request& wanted);

/// Ends a run: asks the process that drives it; without one ends what is left of it, here and on hosts.
int cancel(const plan::view& what, const request& wanted);

/// Removes journals and scratch of past runs.
int clean(const plan::view& what, const request& wanted);

}  // namespace weft::cli
