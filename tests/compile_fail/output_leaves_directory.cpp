// SPDX-License-Identifier: MIT
// EXPECT: must not leave its task's directory
// EXPECT: task .*prepare.* of workflow .*forecast.* has the output .*../f.txt
// FIRST: prepare
// FIRST: forecast
// FIRST: f.txt
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | outputs<"../f.txt">);
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | outputs<"f.txt">);
#endif
