// SPDX-License-Identifier: MIT
// EXPECT: the arguments of a function task are from<
// FIRST: the arguments of a function task
#include <weft/functions.hpp>
using namespace weft;

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"days">([](int days) { return days; }, 42));
#else
constexpr auto flow =
    workflow<"forecast">(param<"n", int>(42), task<"days">([](int days) { return days; }, value<"n">));
#endif
