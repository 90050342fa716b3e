// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has \{\{mode\}\} to the right of ==
// EXPECT: = \{\{mode\}\}
// FIRST: prepare
// FIRST: forecast
// FIRST: mode
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

constexpr auto mode = param<"mode", std::string>("fast");
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(mode, task<"prepare">(sh<"x=fast; [[ $x == {{mode}} ]]">));
#else
constexpr auto flow = workflow<"forecast">(mode, task<"prepare">(sh<"x=fast; [ $x = {{mode}} ]">));
#endif
