// SPDX-License-Identifier: MIT
// EXPECT: a parameter is used but not declared
// EXPECT: task .*prepare.* of workflow .*forecast.* uses .*\{\{dais\}\}
// EXPECT: did you mean .*days
// FIRST: prepare
// FIRST: forecast
// FIRST: dais
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(param<"days", int>(3), task<"prepare">(sh<"echo {{dais}}">));
#else
constexpr auto flow = workflow<"forecast">(param<"days", int>(3), task<"prepare">(sh<"echo {{days}}">));
#endif
