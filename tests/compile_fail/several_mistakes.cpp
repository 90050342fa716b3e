// SPDX-License-Identifier: MIT
// EXPECT: task .*prepare.* of workflow .*forecast.* uses .*\{\{dais\}\}
// EXPECT: task .*prepare.* of workflow .*forecast.* runs on .*egde
// EXPECT: task .*simulate.* of workflow .*forecast.* refers to .*prepre
// EXPECT: task .*simulate.* of workflow .*forecast.* sets the environment variable .*1X
// EXPECT: depend on each other: .*(a -> b -> a|b -> a -> b)
// EXPECT: depend on each other: .*(c -> d -> c|d -> c -> d)
// FIRST: prepare
// FIRST: forecast
// FIRST: dais
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(
    host<"edge">, param<"days", int>(1), task<"prepare">(sh<"echo {{dais}} > f.txt">) | on<"egde">,
    task<"simulate">(sh<"cat workflow:///prepre/f.txt">) | env<"1X">("y"),
    task<"a">(sh<"cat workflow:///b/f">), task<"b">(sh<"cat workflow:///a/f">),
    task<"c">(sh<"cat workflow:///d/f">), task<"d">(sh<"cat workflow:///c/f">));
#else
constexpr auto flow = workflow<"forecast">(
    host<"edge">, param<"days", int>(1), task<"prepare">(sh<"echo {{days}} > f.txt">) | on<"edge">,
    task<"simulate">(sh<"cat workflow:///prepare/f.txt">) | env<"X1">("y"), task<"a">(sh<"echo > f">),
    task<"b">(sh<"cat workflow:///a/f">), task<"c">(sh<"echo > f">), task<"d">(sh<"cat workflow:///c/f">));
#endif
