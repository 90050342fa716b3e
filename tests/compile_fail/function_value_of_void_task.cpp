// SPDX-License-Identifier: MIT
// EXPECT: the value of a task that returns none is used
// EXPECT: task .*log.* of workflow .*forecast.* returns nothing: use its status, or return a value
// FIRST: log
// FIRST: forecast
#include <weft/functions.hpp>

#include <memory>
using namespace weft;

static const auto flow = workflow<"forecast">(
    task<"days">([] { return std::make_unique<int>(3); }),
    task<"sum">([](std::unique_ptr<int> days) { return *days; }, from<"days">), task<"log">([] {}));

int last() {
    executor runs(flow);
#ifdef MISUSE
    return *runs.value<"log">();
#else
    return runs.value<"sum">();
#endif
}
