// SPDX-License-Identifier: MIT
// EXPECT: names a workflow that is not a part
// EXPECT: task .*simulate.* of workflow .*forecast.*
// EXPECT: no workflow .*winter
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow://winter
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow://winter/prepare/f.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">),
                                           task<"simulate">(sh<"cat workflow://forecast/prepare/f.txt">));
#endif
// A sibling of that name is possible as long as the workflow is only declared.
static_assert(flow.task_count() == 2);
