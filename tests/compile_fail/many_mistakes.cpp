// SPDX-License-Identifier: MIT
// EXPECT: task .*t1.* refers to .*none
// EXPECT: task .*t10.* refers to .*none.*further errors omitted
// FIRST: t1
// FIRST: forecast
// FIRST: none
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
#define TASK "cat workflow:///none/f"
#else
#define TASK "echo"
#endif
constexpr auto flow = workflow<"forecast">(
    task<"t1">(sh<TASK>), task<"t2">(sh<TASK>), task<"t3">(sh<TASK>), task<"t4">(sh<TASK>),
    task<"t5">(sh<TASK>), task<"t6">(sh<TASK>), task<"t7">(sh<TASK>), task<"t8">(sh<TASK>),
    task<"t9">(sh<TASK>), task<"t10">(sh<TASK>), task<"t11">(sh<TASK>), task<"t12">(sh<TASK>));
