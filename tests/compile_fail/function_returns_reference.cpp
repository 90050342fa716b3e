// SPDX-License-Identifier: MIT
// EXPECT: a function task must return a value, not a reference
// EXPECT: task .*first.* of workflow .*forecast.* returns the reference const int
// FIRST: first
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto first = [](const int& days) -> const int& { return days; };
#else
constexpr auto first = [](const int& days) { return days; };
#endif
constexpr auto flow =
    workflow<"forecast">(task<"days">([] { return 3; }), task<"first">(first, from<"days">));
static_assert(flow.task_count() == 2);
