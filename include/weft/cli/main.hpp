// SPDX-License-Identifier: MIT
// cli: turns a workflow into a command-line program. It may use every room. A program's `main` calls it.
#pragma once

#include <weft/config.hpp>
#include <weft/function/function_calls.hpp>
#include <weft/plan/lower.hpp>
#include <weft/plan/tables.hpp>

namespace weft {

namespace cli {

/// The command-line program of a lowered workflow. Returns the exit code: 0 on success, 1 when a task or host
/// failed, 2 for an invalid command line, 130 when the run was cancelled. `calls` runs the workflow's
/// functions, if it has any.
int main(const plan::view& plan, int argc, const char* const* argv, engine::functions* calls = nullptr);

}  // namespace cli

/// The `main` of a workflow's program: `run` (the default), `resume`, `plan`, `graph` and commands on past
/// runs, with an option per parameter.
///
///     int main(int argc, char** argv) { return weft::main(demo, argc, argv); }
template <plan::table_sizes Sizes, class Parameters, class OpenReference, class Functions>
int main(const plan::workflow_rows<Sizes, Parameters, OpenReference, Functions>& what, int argc,
         const char* const* argv) {
    const plan::lowered plan(what);
    if constexpr (Functions::any) {
        function::function_calls calls(what, plan.view());
        return cli::main(plan.view(), argc, argv, &calls);
    } else {
        return cli::main(plan.view(), argc, argv);
    }
}

}  // namespace weft
