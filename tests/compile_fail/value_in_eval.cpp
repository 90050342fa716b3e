// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has \{\{name\}\} where a shell runs it as code
// EXPECT: assign it to a variable first, x=\{\{name\}\}
// FIRST: prepare
// FIRST: forecast
// FIRST: name
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

constexpr auto name = param<"name", std::string>("f.txt");
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(name, task<"prepare">(sh<"trap 'rm {{name}}' EXIT; touch f.txt">));
#else
constexpr auto flow =
    workflow<"forecast">(name, task<"prepare">(sh<"x={{name}}; trap 'rm \"$x\"' EXIT; touch f.txt">));
#endif
