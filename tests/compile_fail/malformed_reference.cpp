// SPDX-License-Identifier: MIT
// EXPECT: a reference is workflow:///task/path
// EXPECT: task .*simulate.* of workflow .*forecast.* has the malformed reference .*workflow:///prepare
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow:///prepare
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/f.txt">));
#endif
