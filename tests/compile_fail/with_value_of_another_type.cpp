// SPDX-License-Identifier: MIT
// EXPECT: needs a value of the parameter's type
// FIRST: needs a value of the parameter
// OWN-LINE-Clang: 35
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(param<"days", int>, task<"run">(sh<"echo {{days}}">));

#ifdef MISUSE
constexpr auto flow = workflow<"year">(as<"winter">(season) | with<"days">("ninety"));
#else
constexpr auto flow = workflow<"year">(as<"winter">(season) | with<"days">(90));
#endif
