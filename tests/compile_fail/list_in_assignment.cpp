// SPDX-License-Identifier: MIT
// EXPECT: a list or a glob is in a position where a shell takes one word
// EXPECT: task .*prepare.* of workflow .*forecast.* has the list \{\{names\}\}
// EXPECT: x=\( \{\{names\}\} \)
// FIRST: prepare
// FIRST: forecast
// FIRST: names
#include <weft/workflow.hpp>

#include <string>
#include <vector>
using namespace weft;

constexpr auto names = param<"names", std::vector<std::string>>;
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(names, task<"prepare">(sh<"all={{names}}; echo \"$all\"">));
#else
constexpr auto flow = workflow<"forecast">(names, task<"prepare">(sh<"all=\"{{names}}\"; echo \"$all\"">));
#endif
