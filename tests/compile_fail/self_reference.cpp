// SPDX-License-Identifier: MIT
// EXPECT: a task cannot depend on itself
// EXPECT: task .*prepare.* of workflow .*forecast.* refers to itself
// FIRST: prepare
// FIRST: forecast
// FIRST: workflow:///prepare
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"cat workflow:///prepare/f.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"cat f.txt">));
#endif
