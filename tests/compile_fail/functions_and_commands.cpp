// SPDX-License-Identifier: MIT
// EXPECT: functions and commands cannot run in one workflow yet
// FIRST: functions and commands
#include <weft/run.hpp>
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(task<"days">([] { return 3; }), task<"print">(sh<"echo 3">) | after<"days">);
#else
constexpr auto flow = workflow<"forecast">(task<"days">(sh<"echo 3">), task<"print">(sh<"echo 3">));
#endif
const report result = run(flow);
