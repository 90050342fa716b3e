// SPDX-License-Identifier: MIT
// EXPECT: is where it cannot be quoted safely
// EXPECT: task .*prepare.* of workflow .*forecast.* has .*\{\{days\}\}.*a here-document
// EXPECT: assign it to a variable
// FIRST: prepare
// FIRST: forecast
// FIRST: days
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(param<"days", int>(3), task<"prepare">(sh<"cat <<EOF\n{{days}}\nEOF">));
#else
constexpr auto flow =
    workflow<"forecast">(param<"days", int>(3), task<"prepare">(sh<"d={{days}}; cat <<EOF\n$d\nEOF">));
#endif
