// SPDX-License-Identifier: MIT
// EXPECT: a command must not be empty
// EXPECT: task .*prepare.* of workflow .*forecast.* has an empty command
// FIRST: prepare
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"  ">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"true">));
#endif
