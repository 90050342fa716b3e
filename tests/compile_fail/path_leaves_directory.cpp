// SPDX-License-Identifier: MIT
// EXPECT: must not leave its task's directory
// EXPECT: task .*simulate.* of workflow .*forecast.*workflow:///prepare/../f.txt.* leaves
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow:///prepare/\.\./f\.txt
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/../f.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/f.txt">));
#endif
