// SPDX-License-Identifier: MIT
// EXPECT: weft_a_default_holds_at_most_32_elements
// FIRST: weft_a_default_holds_at_most_32_elements
#include <weft/workflow.hpp>

#include <array>
#include <vector>

using namespace weft;

#ifdef MISUSE
constexpr auto sizes = param<"sizes", std::vector<int>>(std::array<int, 33>{});
#else
constexpr auto sizes = param<"sizes", std::vector<int>>(std::array<int, 32>{});
#endif
constexpr auto flow = workflow<"forecast">(sizes, task<"prepare">(sh<"echo {{sizes}} > f.txt">));
