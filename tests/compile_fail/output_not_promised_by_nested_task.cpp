// SPDX-License-Identifier: MIT
// EXPECT: a file that its producer does not declare
// EXPECT: task .*report.* of workflow .*year.* refers to .*winter/run/g.txt.* task .*winter/run.* declares only these outputs: .*f.txt
// FIRST: report
// FIRST: year
// FIRST: workflow://winter
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(task<"run">(sh<"echo > f.txt">) | outputs<"f.txt">);

#ifdef MISUSE
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"cat workflow://winter/run/g.txt">));
#else
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"cat workflow://winter/run/f.txt">));
#endif
