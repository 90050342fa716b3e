// SPDX-License-Identifier: MIT
// EXPECT: a task refers to a task that does not exist
// EXPECT: task .*plot.* of workflow .*forecast.* refers to .*day.*, did you mean .*days
// FIRST: plot
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto flow = workflow<"forecast">(task<"days">([] { return 3; }),
#ifdef MISUSE
                                           task<"plot">([](int) {}, from<"day">));
#else
                                           task<"plot">([](int) {}, from<"days">));
#endif
static_assert(flow.task_count() == 2);
