// SPDX-License-Identifier: MIT
// EXPECT: a placeholder is in a position where it is not replaced
// EXPECT: task .*prepare.* of workflow .*forecast.* has .*\{\{n\}\}.* in the path .*out-\{\{n\}\}.txt
// EXPECT: write \* for the value
// FIRST: prepare
// FIRST: forecast
// FIRST: \{\{n\}\}
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto n = param<"n", int>(3);
#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(n, task<"prepare">(sh<"echo > out-{{n}}.txt">) | outputs<"out-{{n}}.txt">);
#else
constexpr auto flow =
    workflow<"forecast">(n, task<"prepare">(sh<"echo > out-{{n}}.txt">) | outputs<"out-*.txt">);
#endif
