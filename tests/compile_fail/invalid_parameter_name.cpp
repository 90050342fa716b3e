// SPDX-License-Identifier: MIT
// EXPECT: cannot be the name of a parameter \(workflow .*forecast
// FIRST: forecast
// FIRST: a-b
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(param<"a-b", int>(1), task<"prepare">(sh<"echo > f.txt">));
#else
constexpr auto flow = workflow<"forecast">(param<"n", int>(1), task<"prepare">(sh<"echo > f.txt">));
#endif
