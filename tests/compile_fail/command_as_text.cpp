// SPDX-License-Identifier: MIT
// EXPECT: write task<"name">.sh<"command">.
// FIRST: a command is a template argument of sh or exec
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">("echo hi"));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">));
#endif
