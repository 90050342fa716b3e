// SPDX-License-Identifier: MIT
// EXPECT: refers to a task that does not exist
// EXPECT: task .*report.* of workflow .*year.* refers to task .*winter/runn.*, which does not exist
// EXPECT: task .*late.* of workflow .*year.* refers to .*wintr/run.*, whose workflow does not exist, did you mean .*winter
// FIRST: report
// FIRST: year
// FIRST: winter/runn
// FIRST: run[\\"]
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(task<"run">(sh<"echo > f.txt">));

#ifdef MISUSE
constexpr auto flow =
    workflow<"year">(as<"winter">(season), task<"report">(sh<"true">) | after<"winter/runn">,
                     task<"late">(sh<"true">) | after<"wintr/run">);
#else
constexpr auto flow = workflow<"year">(as<"winter">(season), task<"report">(sh<"true">) | after<"winter/run">,
                                       task<"late">(sh<"true">) | after<"winter/run">);
#endif
