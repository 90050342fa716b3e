// SPDX-License-Identifier: MIT
// EXPECT: weft_memory_must_be_positive
// FIRST: weft_memory_must_be_positive
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | memory(0));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | memory(1_KiB));
#endif
