// SPDX-License-Identifier: MIT
// cli: makes a command-line program of a workflow.
// It may know every room. A program's `main` calls it.
#pragma once

#include <weft/config.hpp>
#include <weft/function/function_calls.hpp>
#include <weft/plan/lower.hpp>
#include <weft/plan/tables.hpp>

namespace weft {

namespace cli {

/// The program of a lowered workflow. Returns the process's exit code: 0 when all went well, 1 when a task or
/// host failed, 2 when the command line is wrong, 130 when the run was cancelled.
/// `calls` runs the workflow's functions, if it has some.
int main(const plan::view& what, int argc, const char* const* argv, engine::functions* calls = nullptr);

}  // namespace cli

/// Makes `main` of a workflow: `run` (the default), `plan` and `graph`, with a flag for each parameter.
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
