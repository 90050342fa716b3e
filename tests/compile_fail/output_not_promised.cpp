// SPDX-License-Identifier: MIT
// EXPECT: a file that its producer does not declare
// EXPECT: task .*simulate.* of workflow .*forecast.* refers to .*g.txt.*task .*prepare.* declares only these outputs: .*f.txt.*, .*d
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow:///prepare/g
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | outputs<"f.txt", "d">,
                                           task<"simulate">(sh<"cat workflow:///prepare/g.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | outputs<"f.txt", "d">,
                                           task<"simulate">(sh<"cat workflow:///prepare/d/x">));
#endif
