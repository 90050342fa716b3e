// SPDX-License-Identifier: MIT
// EXPECT: a parameter is used but not declared
// EXPECT: workflow .*year.* binds .*dais.* of its nested workflow .*winter
// FIRST: year
// FIRST: dais
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(param<"days", int>, task<"run">(sh<"echo {{days}}">));

#ifdef MISUSE
constexpr auto flow = workflow<"year">(as<"winter">(season) | with<"dais">(90));
#else
constexpr auto flow = workflow<"year">(as<"winter">(season) | with<"days">(90));
#endif
