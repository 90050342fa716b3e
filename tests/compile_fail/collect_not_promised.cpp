// SPDX-License-Identifier: MIT
// EXPECT: names what its producer does not promise
// EXPECT: task .*prepare.* of workflow .*forecast.* refers to .*g.txt.* promises only .*f.txt
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
