// SPDX-License-Identifier: MIT
// EXPECT: a name contains a character that is not allowed
// EXPECT: a b.* cannot be the name of a task \(workflow .*forecast
// FIRST: forecast
// FIRST: a b
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"a b">(sh<"true">));
#else
constexpr auto flow = workflow<"forecast">(task<"a_b">(sh<"true">));
#endif
