// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has \{\{field\}\} where a builtin takes a variable.*s name
// EXPECT: write the name itself
// FIRST: prepare
// FIRST: forecast
// FIRST: field
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

constexpr auto field = param<"field", std::string>("x");
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(field, task<"prepare">(sh<"read -r {{field}} < f.txt">));
#else
constexpr auto flow = workflow<"forecast">(field, task<"prepare">(sh<"read -r x < {{field}}">));
#endif
