// SPDX-License-Identifier: MIT
// EXPECT: a name contains a character that is not allowed
// EXPECT: task .*simulate.* of workflow .*forecast.* sets the environment variable .*OMP-THREADS
// FIRST: simulate
// FIRST: forecast
// FIRST: OMP-THREADS
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"simulate">(sh<"true">) | env<"OMP-THREADS">("4"));
#else
constexpr auto flow = workflow<"forecast">(task<"simulate">(sh<"true">) | env<"OMP_THREADS">("4"));
#endif
