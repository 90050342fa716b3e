// SPDX-License-Identifier: MIT
// EXPECT: write sh<"command">
// EXPECT: pass a value known at run time as a parameter
// FIRST: names and commands are string literals
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr const char* command = "echo hi";
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<command>));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">));
#endif
