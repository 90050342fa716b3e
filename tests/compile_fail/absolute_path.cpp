// SPDX-License-Identifier: MIT
// EXPECT: paths are relative to a task's directory
// EXPECT: task .*simulate.* of workflow .*forecast.* with an absolute path
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow:///prepare//
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare//f.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/f.txt">));
#endif
