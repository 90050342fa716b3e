// SPDX-License-Identifier: MIT
// EXPECT: compile without -fno-exceptions
// FIRST: weft needs exceptions
// MISUSE-FLAGS: -fno-exceptions
// OWN-LINE-GNU: none
// OWN-LINE-Clang: none
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">));
