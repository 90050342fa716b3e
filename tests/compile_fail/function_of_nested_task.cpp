// SPDX-License-Identifier: MIT
// EXPECT: a task refers to a task that does not exist
// EXPECT: task .*plot.* of workflow .*year.* refers to .*winter/day.*, did you mean .*days
// FIRST: plot
// FIRST: year
// FIRST: winter/day
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(task<"days">([] { return 3; }));

#ifdef MISUSE
constexpr auto flow = workflow<"year">(as<"winter">(season), task<"plot">([](int) {}, from<"winter/day">));
#else
constexpr auto flow = workflow<"year">(as<"winter">(season), task<"plot">([](int) {}, from<"winter/days">));
#endif
static_assert(flow.edge_count() == 1);
