// SPDX-License-Identifier: MIT
// EXPECT: the value of a task that returns none is used
// EXPECT: task .*days.* of workflow .*forecast.* returns nothing, but a command uses its value
// FIRST: days
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto days = [] {};
#else
constexpr auto days = [] { return 3; };
#endif
constexpr auto flow = workflow<"forecast">(task<"days">(days), task<"print">(sh<"echo {{days}}">));
static_assert(flow.task_count() == 2);
