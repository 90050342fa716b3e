// SPDX-License-Identifier: MIT
// EXPECT: must not leave its task's directory
// EXPECT: task .*simulate.* of workflow .*forecast.*%2e%2E.* leaves
// FIRST: simulate
// FIRST: forecast
// FIRST: %2e%2E
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/%2e%2E/f.nc">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/f.txt">));
#endif
