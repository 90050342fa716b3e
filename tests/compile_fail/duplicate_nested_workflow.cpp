// SPDX-License-Identifier: MIT
// EXPECT: names of tasks and nested workflows must be unique
// EXPECT: workflow .*year.* uses the name .*winter.* twice for its tasks and nested workflows
// FIRST: year
// FIRST: winter
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(task<"run">(sh<"echo > f.txt">));

#ifdef MISUSE
constexpr auto flow = workflow<"year">(as<"winter">(season), as<"winter">(season));
#else
constexpr auto flow = workflow<"year">(as<"winter">(season), as<"summer">(season));
#endif
