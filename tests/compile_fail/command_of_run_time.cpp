// SPDX-License-Identifier: MIT
// EXPECT: write sh<"command">
// EXPECT: pass a value known at run time as a parameter
// FIRST: names and commands are string literals
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

#ifdef MISUSE
const std::string command = "echo hi";
const auto flow = workflow<"forecast">(task<"prepare">(sh<command>));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">));
#endif
