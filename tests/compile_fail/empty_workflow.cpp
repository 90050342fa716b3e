// SPDX-License-Identifier: MIT
// EXPECT: a workflow needs at least one task
// FIRST: a workflow needs at least one task
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">();
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo">));
#endif
