// SPDX-License-Identifier: MIT
// EXPECT: a workflow needs a task at least
// FIRST: a workflow needs a task at least
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">();
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo">));
#endif
