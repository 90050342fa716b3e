// SPDX-License-Identifier: MIT
// EXPECT: a task refers to a task that does not exist
// EXPECT: task .*mean.* of workflow .*forecast.* did you mean .*prepare
// FIRST: mean
// FIRST: forecast
// FIRST: prepre
// FIRST: prepare
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

constexpr auto mean = [](const staged_file&) { return 0.5; };
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"date > f">),
#ifdef MISUSE
                                           task<"mean">(mean, file<"prepre", "f">));
#else
                                           task<"mean">(mean, file<"prepare", "f">));
#endif
static_assert(flow.edge_count() == 1);
