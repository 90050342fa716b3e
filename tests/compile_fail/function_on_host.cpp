// SPDX-License-Identifier: MIT
// EXPECT: a function runs in this process, not on a host
// EXPECT: task .*days.* of workflow .*forecast
// FIRST: days
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto days = task<"days">([] { return 3; });
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(host<"edge">, days | on<"edge">);
#else
constexpr auto flow = workflow<"forecast">(host<"edge">, days);
#endif
static_assert(flow.task_count() == 1);
