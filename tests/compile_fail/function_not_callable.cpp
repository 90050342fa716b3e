// SPDX-License-Identifier: MIT
// EXPECT: a function cannot be called with its arguments
// EXPECT: task .*plot.* of workflow .*forecast.* cannot be called with from<.*name.*>: argument 2 is .*string.* and its parameter is double
// FIRST: plot
// FIRST: forecast
// FIRST: from<."name.">
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

#ifdef MISUSE
constexpr auto named = [] { return std::string("winter"); };
#else
constexpr auto named = [] { return 4.5; };
#endif
constexpr auto flow = workflow<"forecast">(task<"days">([] { return 3; }), task<"name">(named),
                                           task<"plot">([](int, double) {}, from<"days">, from<"name">));
static_assert(flow.task_count() == 3);
