// SPDX-License-Identifier: MIT
// EXPECT: host names must be unique
// EXPECT: workflow .*forecast.* declares host .*edge.* twice: declare it once
// FIRST: forecast
// FIRST: edge
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(host<"edge">, host<"edge">, task<"prepare">(sh<"echo > f.txt">));
#else
constexpr auto flow = workflow<"forecast">(host<"edge">, task<"prepare">(sh<"echo > f.txt">));
#endif
