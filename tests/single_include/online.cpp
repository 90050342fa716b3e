// SPDX-License-Identifier: MIT
// What is pasted into an online compiler: declares workflows, one in another.
#include <weft/workflow.hpp>

#include <cstdio>

using namespace weft;

constexpr auto season = workflow<"season">(param<"days", int>(90), task<"run">(sh<"echo {{days}} > t.txt">),
                                           task<"plot">(sh<"cat workflow:///run/t.txt > plot.txt">));
constexpr auto year = workflow<"year">(
    as<"winter">(season), as<"summer">(season) | with<"days">(92),
    task<"report">(sh<"cat workflow://winter/plot/plot.txt workflow://summer/plot/plot.txt">));
static_assert(year.task_count() == 5 && year.edge_count() == 4 && year.depth() == 3 && year.width() == 2);

int main() {
    std::printf("%zu tasks, %zu edges\n", year.task_count(), year.edge_count());
    return year.name() == "year" ? 0 : 1;
}
