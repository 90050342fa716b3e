// SPDX-License-Identifier: MIT
// EXPECT: weft: a parameter's type is a number
// EXPECT: from_string\(std::string_view, T&\)
// FIRST: begin
// FIRST: calendar_day
// OWN-LINE-GNU: none
#include <weft/workflow.hpp>
using namespace weft;

namespace dates {
struct calendar_day {
    int number = 0;
};
#ifndef MISUSE
bool from_string(std::string_view, calendar_day&);
#endif
}  // namespace dates

constexpr auto flow =
    workflow<"forecast">(param<"begin", dates::calendar_day>, task<"prepare">(sh<"echo > f.txt">));
