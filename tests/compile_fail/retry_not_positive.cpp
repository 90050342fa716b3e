// SPDX-License-Identifier: MIT
// EXPECT: weft_retry_must_be_at_least_one
// FIRST: weft_retry_must_be_at_least_one
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | retry(0));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | retry(1));
#endif
