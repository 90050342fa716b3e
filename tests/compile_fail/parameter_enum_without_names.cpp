// SPDX-License-Identifier: MIT
// EXPECT: weft: a parameter's enum has no enumerator from -1 to 127
// FIRST: level
// FIRST: pressure
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
enum class pressure { surface = 1000, upper = 500 };
#else
enum class pressure { surface, upper };
#endif

constexpr auto flow = workflow<"forecast">(param<"level", pressure>, task<"prepare">(sh<"echo > f.txt">));
const plan::lowered lowered(flow);
