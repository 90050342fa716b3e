// SPDX-License-Identifier: MIT
// EXPECT: parameter names must be unique
// EXPECT: workflow .*forecast.* declares parameter .*days.* twice: rename one
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(param<"days", int>(3), param<"days", double>, task<"prepare">(sh<"echo > f.txt">));
#else
constexpr auto flow = workflow<"forecast">(param<"days", int>(3), task<"prepare">(sh<"echo > f.txt">));
#endif
