// SPDX-License-Identifier: MIT
// EXPECT: weft_env_takes_no_placeholder_and_four_braces_for_two
// FIRST: weft_env_takes_no_placeholder_and_four_braces_for_two
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto n = param<"n", int>(3);
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(n, task<"prepare">(sh<"make">) | env<"OMP_NUM_THREADS">("{{n}}"));
#else
constexpr auto flow = workflow<"forecast">(n, task<"prepare">(sh<"OMP_NUM_THREADS={{n}} make">));
#endif
