// SPDX-License-Identifier: MIT
// EXPECT: a file that its producer does not declare
// EXPECT: task .*prepare.* of workflow .*forecast.* refers to .*g.txt.* declares only these outputs: .*f.txt
// FIRST: prepare
// FIRST: forecast
// FIRST: g.txt
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | outputs<"f.txt"> | collect<"g.txt">);
#else
constexpr auto flow =
    workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | outputs<"f.txt"> | collect<"f.txt">);
#endif
