// SPDX-License-Identifier: MIT
// EXPECT: compile with -std=c..20
// FIRST: weft needs C
// MISUSE-FLAGS: -std=c++17
// OWN-LINE-GNU: none
// OWN-LINE-Clang: none
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">));
