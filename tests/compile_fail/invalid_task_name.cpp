// SPDX-License-Identifier: MIT
// EXPECT: a name holds a character that it must not hold
// EXPECT: a b.* cannot be the name of a task \(workflow .*forecast
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"a b">(sh<"true">));
#else
constexpr auto flow = workflow<"forecast">(task<"a_b">(sh<"true">));
#endif
