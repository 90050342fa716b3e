// SPDX-License-Identifier: MIT
// EXPECT: write retry.2, 5s.
// FIRST: the delay between attempts needs its unit
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">) | retry(2, 5));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">) | retry(2, 5s));
#endif
