// SPDX-License-Identifier: MIT
// EXPECT: write timeout.5s.
// FIRST: a time limit needs its unit
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">) | timeout(5));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">) | timeout(5s));
#endif
