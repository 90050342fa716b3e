// SPDX-License-Identifier: MIT
// EXPECT: a parameter is used but not declared
// EXPECT: workflow .*year.* binds parameter .*days.* of its nested workflow .*winter.* to .*dais
// EXPECT: did you mean .*long_days
// FIRST: year
// FIRST: dais
// FIRST: long_days
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(param<"days", int>, task<"run">(sh<"echo {{days}}">));

#ifdef MISUSE
constexpr auto flow =
    workflow<"year">(param<"long_days", int>, as<"winter">(season) | with<"days", "long_dais">);
#else
constexpr auto flow =
    workflow<"year">(param<"long_days", int>, as<"winter">(season) | with<"days", "long_days">);
#endif
