// SPDX-License-Identifier: MIT
// EXPECT: quotes in a command must be closed
// EXPECT: task .*prepare.* of workflow .*forecast.* bash and other shells parse differently
// EXPECT: echo
// FIRST: prepare
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto day = param<"day", int>(1);
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(day, task<"prepare">(sh<"echo \"${x:-'}'}\" {{day}}">));
#else
constexpr auto flow = workflow<"forecast">(day, task<"prepare">(sh<"echo \"${x:-'its'}\" {{day}}">));
#endif
