// SPDX-License-Identifier: MIT
#pragma once

#include <weft/cli/command_line.hpp>
#include <weft/config.hpp>
#include <weft/plan/tables.hpp>

#include <string>

namespace weft::cli {

// The commands on past runs. Of the plan they use little more than its name: the journal records what ran
// where. Returned text is for stdout.

/// The options of a resumed run: those in its journal, overridden by the command line.
options resumed(const plan::view& plan, const request& wanted);

std::string runs_text(const plan::view& plan, const request& wanted);
std::string status_text(const plan::view& plan, const request& wanted);

/// Prints a task's stdout to stdout and its stderr to stderr.
int print_logs(const plan::view& plan, const request& wanted);

/// Replaces this process by the task's command, or a shell, in the task's scratch.
int rerun(const plan::view& plan, const request& wanted);

/// Ends a run: signals its process; if that no longer exists, ends the run's remaining attempts here and on
/// hosts.
int cancel(const plan::view& plan, const request& wanted);

/// Removes journals and scratch of past runs.
int clean(const plan::view& plan, const request& wanted);

}  // namespace weft::cli
