// SPDX-License-Identifier: MIT
// EXPECT: a parameter is used but not declared
// EXPECT: task .*plot.* of workflow .*forecast.*dayz
// FIRST: plot
// FIRST: forecast
// FIRST: dayz
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(param<"days", int>(3), task<"plot">([](int) {}, value<"dayz">));
#else
constexpr auto flow = workflow<"forecast">(param<"days", int>(3), task<"plot">([](int) {}, value<"days">));
#endif
static_assert(flow.task_count() == 1);
