// SPDX-License-Identifier: MIT
// EXPECT: task .*simulate.* of workflow .*forecast.*
// EXPECT: shell variable
// EXPECT: write %24
// FIRST: simulate
// FIRST: forecast
// FIRST: [$]i
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/$i.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow:///prepare/*.txt">));
#endif
