// SPDX-License-Identifier: MIT
// EXPECT: no match|no matching
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">), 42);
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">));
#endif
