// SPDX-License-Identifier: MIT
// EXPECT: task names must be unique
// EXPECT: workflow .*forecast.* declares task .*prepare.* twice: rename one
// FIRST: forecast
// FIRST: prepare
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">), task<"prepare">(sh<"true">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">), task<"other">(sh<"true">));
#endif
