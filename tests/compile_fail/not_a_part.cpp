// SPDX-License-Identifier: MIT
// EXPECT: a workflow is made of tasks, hosts, parameters and other workflows
// FIRST: is_part<int>
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">), 42);
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">));
#endif
