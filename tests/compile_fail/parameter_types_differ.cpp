// SPDX-License-Identifier: MIT
// EXPECT: a parameter is declared with two types
// EXPECT: parameter .*days.* of nested workflow .*season.* has another type than the same parameter of workflow .*year
// FIRST: year
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(param<"days", int>, task<"run">(sh<"echo {{days}}">));

#ifdef MISUSE
constexpr auto flow = workflow<"year">(param<"days", double>(1.5), season);
#else
constexpr auto flow = workflow<"year">(param<"days", int>(1), season);
#endif
