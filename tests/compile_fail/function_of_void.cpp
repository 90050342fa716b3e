// SPDX-License-Identifier: MIT
// EXPECT: the value of a task that returns none is used
// EXPECT: task .*plot.* of workflow .*forecast.* takes the value of .*days.* which returns nothing
// FIRST: plot
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto days = [] {};
#else
constexpr auto days = [] { return 3; };
#endif
constexpr auto flow = workflow<"forecast">(task<"days">(days), task<"plot">([](int) {}, from<"days">));
static_assert(flow.task_count() == 2);
