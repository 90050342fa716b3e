// SPDX-License-Identifier: MIT
// EXPECT: weft_timeout_must_be_positive
// FIRST: weft_timeout_must_be_positive
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | timeout(0s));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | timeout(1s));
#endif
