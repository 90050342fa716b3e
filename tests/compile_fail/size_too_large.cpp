// SPDX-License-Identifier: MIT
// EXPECT: weft_size_is_more_than_64_bits_hold
// FIRST: weft_size_is_more_than_64_bits_hold
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | memory(20'000'000_TiB));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo > f.txt">) | memory(2_TiB));
#endif
