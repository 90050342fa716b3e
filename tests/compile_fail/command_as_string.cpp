// SPDX-License-Identifier: MIT
// EXPECT: write task<"name">.sh<"command">.
// FIRST: a command is a template argument of sh or exec
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

#ifdef MISUSE
const std::string command = "echo hi";
const auto flow = workflow<"forecast">(task<"prepare">(command));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(sh<"echo hi">));
#endif
