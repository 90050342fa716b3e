// SPDX-License-Identifier: MIT
// EXPECT: names a workflow that is not a part
// EXPECT: task .*report.* of workflow .*year.* there is no workflow .*wintr
// EXPECT: did you mean .*winter
// FIRST: report
// FIRST: year
// FIRST: wintr
// FIRST: winter
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(task<"run">(sh<"echo > f.txt">));

#ifdef MISUSE
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"cat workflow://wintr/run/f.txt">));
#else
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"cat workflow://winter/run/f.txt">));
#endif
