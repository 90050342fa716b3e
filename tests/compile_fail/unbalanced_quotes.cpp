// SPDX-License-Identifier: MIT
// EXPECT: quotes in a command must be closed
// EXPECT: task .*prepare.* of workflow .*forecast.* is not closed
// EXPECT: echo it
// FIRST: prepare
// FIRST: forecast
// FIRST: echo it
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo it's">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo \"it's\"">));
#endif
