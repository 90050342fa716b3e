// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*simulate.* of workflow .*forecast.* has .*workflow:///prepare/f.txt.* backquotes
// EXPECT: write \$\( \) instead of backquotes
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow:///prepare
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"n=`cat workflow:///prepare/f.txt`">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"n=$(cat workflow:///prepare/f.txt)">));
#endif
