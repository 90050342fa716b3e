// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has \{\{key\}\} in arithmetic, where only a number is safe
// FIRST: prepare
// FIRST: forecast
// FIRST: key
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

#ifdef MISUSE
constexpr auto key = param<"key", std::string>("1");
#else
constexpr auto key = param<"key", int>(1);
#endif
constexpr auto flow = workflow<"forecast">(key, task<"prepare">(sh<"a[1 + {{key}}]=x">));
