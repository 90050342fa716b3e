// SPDX-License-Identifier: MIT
// EXPECT: refers to a task that does not exist
// EXPECT: task .*report.* of workflow .*year.* refers to .*runn
// EXPECT: did you mean .*run
// FIRST: report
// FIRST: year
// FIRST: runn
// FIRST: run[\\"]
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(task<"run">(sh<"echo > f.txt">));

#ifdef MISUSE
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"cat workflow://winter/runn/f.txt">));
#else
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"cat workflow://winter/run/f.txt">));
#endif
