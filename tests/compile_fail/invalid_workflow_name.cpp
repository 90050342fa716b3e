// SPDX-License-Identifier: MIT
// EXPECT: a name contains a character that is not allowed
// EXPECT: fore/cast.* cannot be the name of a workflow
// FIRST: fore/cast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"fore/cast">(task<"prepare">(sh<"echo > f.txt">));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">));
#endif
