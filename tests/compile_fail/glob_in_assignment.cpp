// SPDX-License-Identifier: MIT
// EXPECT: a list or a glob is in a position where a shell takes one word
// EXPECT: task .*simulate.* of workflow .*forecast.* has .*workflow:///prepare/d/\*.sh.*, which may be several files
// FIRST: simulate
// FIRST: forecast
// FIRST: workflow:///prepare
#include <weft/workflow.hpp>
using namespace weft;

constexpr auto prepare = task<"prepare">(sh<"mkdir d; echo > d/x.sh">);
#ifdef MISUSE
constexpr auto flow =
    workflow<"forecast">(prepare, task<"simulate">(sh<"FILE=workflow:///prepare/d/*.sh; . \"$FILE\"">));
#else
constexpr auto flow =
    workflow<"forecast">(prepare, task<"simulate">(sh<"FILE=workflow:///prepare/d/x.sh; . \"$FILE\"">));
#endif
