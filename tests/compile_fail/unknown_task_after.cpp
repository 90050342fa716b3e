// SPDX-License-Identifier: MIT
// EXPECT: task .*simulate.* of workflow .*forecast.* refers to .*prepre
// EXPECT: did you mean .*prepare
// FIRST: simulate
// FIRST: forecast
// FIRST: prepre
// FIRST: prepare
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">), task<"simulate">(sh<"true">) | after<"prepre">);
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"true">) | after<"prepare">);
#endif
