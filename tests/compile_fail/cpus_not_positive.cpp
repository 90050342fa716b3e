// SPDX-License-Identifier: MIT
// EXPECT: weft_cpus_must_be_at_least_one
// FIRST: weft_cpus_must_be_at_least_one
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | cpus(-1));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | cpus(1));
#endif
