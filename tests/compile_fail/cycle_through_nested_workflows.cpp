// SPDX-License-Identifier: MIT
// EXPECT: must form an acyclic graph
// EXPECT: workflow .*year.* depend on each other: .*(a/x -> b/y -> a/x|b/y -> a/x -> b/y), remove one
// FIRST: year
// FIRST: a/x -> b/y
#include <weft/workflow.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"year">(workflow<"a">(task<"x">(sh<"cat workflow://b/y/f > f">)),
                                       workflow<"b">(task<"y">(sh<"cat workflow://a/x/f > f">)));
#else
constexpr auto flow = workflow<"year">(workflow<"a">(task<"x">(sh<"echo > f">)),
                                       workflow<"b">(task<"y">(sh<"cat workflow://a/x/f > f">)));
#endif
