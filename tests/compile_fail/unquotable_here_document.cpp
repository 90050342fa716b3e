// SPDX-License-Identifier: MIT
// EXPECT: stands where it cannot be quoted
// EXPECT: task .*prepare.* of workflow .*forecast.* has .*\{\{days\}\}.*a here-document
// EXPECT: put it into a variable
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
