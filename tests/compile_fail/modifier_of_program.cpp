// SPDX-License-Identifier: MIT
// EXPECT: write task<"name">.exec<"program">. . modifier
// FIRST: a modifier follows the task, not its action
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"prepare">(exec<"echo", "hi"> | keep));
#else
constexpr auto flow = workflow<"forecast">(task<"prepare">(exec<"echo", "hi">) | keep);
#endif
