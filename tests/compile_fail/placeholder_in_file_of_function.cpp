// SPDX-License-Identifier: MIT
// EXPECT: a placeholder is in a position where it is not replaced
// EXPECT: task .*sum.* of workflow .*forecast.* has a placeholder in the path .*out-\{\{n\}\}.txt
// FIRST: sum
// FIRST: forecast
// FIRST: \{\{n\}\}
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto n = param<"n", int>(3);
inline int sum(const staged_file&) {
    return 0;
}
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(n, task<"prepare">(sh<"echo > out-{{n}}.txt">),
                                           task<"sum">(&sum, file<"prepare", "out-{{n}}.txt">));
#else
constexpr auto flow = workflow<"forecast">(n, task<"prepare">(sh<"echo > out-{{n}}.txt">),
                                           task<"sum">(&sum, file<"prepare", "out-3.txt">));
#endif
