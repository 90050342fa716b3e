// SPDX-License-Identifier: MIT
// EXPECT: a report names a value that was moved away
// EXPECT: task .*days.* of workflow .*forecast.* has no value, because it was moved into its only consumer .*sum
// FIRST: days
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
    return *runs.value<"days">();
#else
    return runs.value<"sum">();
#endif
}
