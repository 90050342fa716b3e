// SPDX-License-Identifier: MIT
// EXPECT: a list or a glob is in a position where a shell takes one word
// EXPECT: task .*names.* of workflow .*forecast.* returns a list
// OWN-LINE-Clang: 30
// FIRST: names
// FIRST: forecast
#include <weft/workflow.hpp>

#include <string>
#include <vector>
using namespace weft;

inline std::vector<std::string> names() {
    return {"a", "b"};
}

#ifdef MISUSE
constexpr auto flow = workflow<"forecast">(task<"names">(&names), task<"prepare">(sh<"date > {{names}}">));
#else
constexpr auto flow =
    workflow<"forecast">(task<"names">(&names), task<"prepare">(sh<"date | tee {{names}}">));
#endif
static_assert(flow.task_count() == 2);
