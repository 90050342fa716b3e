// SPDX-License-Identifier: MIT
// EXPECT: must form an acyclic graph
// EXPECT: workflow .*forecast.* depend on each other: .*(fetch -> align -> plot -> fetch|align -> plot -> fetch -> align|plot -> fetch -> align -> plot), remove one
// FIRST: forecast
// FIRST: fetch -> align
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(
    task<"fetch">(sh<"cat workflow:///plot/x">), task<"align">(sh<"cat workflow:///fetch/x">),
    task<"plot">(sh<"cat workflow:///align/x">), task<"apart">(sh<"true">));
#else
constexpr auto flow =
    workflow<"forecast">(task<"fetch">(sh<"true">), task<"align">(sh<"cat workflow:///fetch/x">),
                         task<"plot">(sh<"cat workflow:///align/x">), task<"apart">(sh<"true">));
#endif
