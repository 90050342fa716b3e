// SPDX-License-Identifier: MIT
// EXPECT: runs on a host that is not declared
// EXPECT: task .*prepare.* of workflow .*forecast.* runs on .*egde
// EXPECT: did you mean .*edge
// FIRST: prepare
// FIRST: forecast
// FIRST: egde
// FIRST: edge
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(host<"edge">, task<"prepare">(sh<"echo > f.txt">) | on<"egde">);
#else
constexpr auto flow = workflow<"forecast">(host<"edge">, task<"prepare">(sh<"echo > f.txt">) | on<"edge">);
#endif
