// SPDX-License-Identifier: MIT
// EXPECT: the tasks of a workflow must form an acyclic graph
// EXPECT: (a -> b -> a|b -> a -> b)
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto first = task<"a">([](int n) { return n; }, from<"b">);
#else
constexpr auto first = task<"a">([] { return 3; });
#endif
constexpr auto flow = workflow<"forecast">(first, task<"b">([](int n) { return n; }, from<"a">));
static_assert(flow.task_count() == 2);
