// SPDX-License-Identifier: MIT
// EXPECT: weft: the type of a parameter needs std::string to_string
// FIRST: begin
// FIRST: calendar_day
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>
using namespace weft;

namespace dates {
struct calendar_day {
    int number = 0;
};
bool from_string(std::string_view, calendar_day&);
#ifndef MISUSE
std::string to_string(const calendar_day&);
#endif
}  // namespace dates

constexpr auto flow =
    workflow<"forecast">(param<"begin", dates::calendar_day>, task<"prepare">(sh<"echo > f.txt">));
const plan::lowered lowered(flow);
