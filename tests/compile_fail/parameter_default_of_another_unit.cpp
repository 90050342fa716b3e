// SPDX-License-Identifier: MIT
// EXPECT: no match|no matching
// FIRST: wait
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto wait = param<"wait", std::chrono::seconds>(500ms);
#else
constexpr auto wait = param<"wait", std::chrono::milliseconds>(500ms);
#endif
constexpr auto flow = workflow<"forecast">(wait, task<"prepare">(sh<"sleep {{wait}}">));
