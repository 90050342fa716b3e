// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has \{\{name\}\} in the script of a shell.*s -c
// EXPECT: pass it as an argument
// FIRST: prepare
// FIRST: forecast
// FIRST: name
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

constexpr auto name = param<"name", std::string>("f.txt");
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(name, task<"prepare">(exec<"nice", "sh", "-c", "touch {{name}}">));
#else
constexpr auto flow =
    workflow<"forecast">(name, task<"prepare">(exec<"nice", "sh", "-c", "touch \"$1\"", "sh", "{{name}}">));
#endif
