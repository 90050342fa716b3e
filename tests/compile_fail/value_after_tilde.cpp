// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has \{\{user\}\} after ~
// FIRST: prepare
// FIRST: forecast
// FIRST: user
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

constexpr auto user = param<"user", std::string>("root");
#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(user, task<"prepare">(sh<"ls ~{{user}}">));
#else
constexpr auto flow = workflow<"forecast">(user, task<"prepare">(sh<"ls ~/{{user}}">));
#endif
