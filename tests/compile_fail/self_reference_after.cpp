// SPDX-License-Identifier: MIT
// EXPECT: a task cannot depend on itself
// EXPECT: task .*prepare.* of workflow .*forecast.* is declared to run after itself
// FIRST: prepare
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"true">) | after<"prepare">);
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"true">));
#endif
