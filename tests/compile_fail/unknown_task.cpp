// SPDX-License-Identifier: MIT
// EXPECT: refers to a task that does not exist
// EXPECT: task .*simulate.* of workflow .*forecast.* refers to .*prepre
// EXPECT: did you mean .*prepare
// FIRST: simulate
// FIRST: forecast
// FIRST: prepre
// FIRST: prepare
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepre/f.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/f.txt">));
#endif
