// SPDX-License-Identifier: MIT
// EXPECT: weft_retry_delay_must_not_be_negative
// FIRST: weft_retry_delay_must_not_be_negative
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | retry(1, -1s));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | retry(1, 0s));
#endif
