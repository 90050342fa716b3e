// SPDX-License-Identifier: MIT
// EXPECT: the value of a task that returns none is used
// EXPECT: task .*plot.* of workflow .*forecast.* .*days.* is a command
// FIRST: plot
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto flow = workflow<"forecast">(
#ifdef MISUSE
    task<"days">(sh<"echo 3">),
#else
    task<"days">([] { return 3; }),
#endif
    task<"plot">([](int) {}, from<"days">));
static_assert(flow.task_count() == 2);
