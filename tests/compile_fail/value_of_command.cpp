// SPDX-License-Identifier: MIT
// EXPECT: the value of a task that returns none is used
// EXPECT: task .*print.* of workflow .*forecast.* uses \{\{days\}\}, but task .*days.* is a command and returns no value
// FIRST: print
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto flow =
#ifdef MISUSE
    workflow<"forecast">(task<"days">(sh<"echo 3 > n">), task<"print">(sh<"echo {{days}}">));
#else
    workflow<"forecast">(task<"days">([] { return 3; }), task<"print">(sh<"echo {{days}}">));
#endif
static_assert(flow.task_count() == 2);
