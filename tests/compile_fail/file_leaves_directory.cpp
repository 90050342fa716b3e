// SPDX-License-Identifier: MIT
// EXPECT: leaves the directory
// EXPECT: task .*mean.* of workflow .*forecast.* has the reference .*\.\./f
// FIRST: mean
// FIRST: forecast
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto mean = [](const staged_file&) { return 0.5; };
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"date > f">),
#ifdef MISUSE
                                           task<"mean">(mean, file<"prepare", "../f">));
#else
                                           task<"mean">(mean, file<"prepare", "f">));
#endif
static_assert(flow.edge_count() == 1);
