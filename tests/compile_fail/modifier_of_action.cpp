// SPDX-License-Identifier: MIT
// EXPECT: write task<"name">.sh<"command">. . modifier
// FIRST: a modifier follows the task, not its action
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(host<"edge">, task<"prepare">(sh<"echo hi"> | on<"edge">));
#else
constexpr auto flow = workflow<"forecast">(host<"edge">, task<"prepare">(sh<"echo hi">) | on<"edge">);
#endif
