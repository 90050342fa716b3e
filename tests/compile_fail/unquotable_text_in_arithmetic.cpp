// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*simulate.* of workflow .*forecast.* has \{\{days\}\} in arithmetic
// EXPECT: int>
// FIRST: simulate
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(param<"days", std::string>("3"), task<"simulate">(sh<"echo $(( {{days}} * 24 ))">));
#else
constexpr auto flow =
    workflow<"forecast">(param<"days", int>(3), task<"simulate">(sh<"echo $(( {{days}} * 24 ))">));
#endif
