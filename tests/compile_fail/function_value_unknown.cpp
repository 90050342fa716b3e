// SPDX-License-Identifier: MIT
// EXPECT: a report names a task that does not exist
// EXPECT: workflow .*forecast.* has no task .*sun.*, did you mean .*sum
// FIRST: sun
// FIRST: sum
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
    return static_cast<void>(runs.value<"sun">()), 0;
#else
    return runs.value<"sum">();
#endif
}
