// SPDX-License-Identifier: MIT
// EXPECT: a command takes a value that cannot be written as text
// EXPECT: task .*days.* of workflow .*forecast.* returns .*calendar.*which has no conversion to text
// FIRST: days
// FIRST: forecast
// FIRST: calendar
#include <weft/workflow.hpp>

#include <string>
using namespace weft;

struct calendar {
    int days = 0;
};
#ifndef MISUSE
std::string to_string(const calendar& shown) {
    return std::to_string(shown.days);
}
#endif
constexpr auto flow =
    workflow<"forecast">(task<"days">([] { return calendar{3}; }), task<"print">(sh<"echo {{days}}">));
static_assert(flow.task_count() == 2);
