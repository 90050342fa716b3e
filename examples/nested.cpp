// SPDX-License-Identifier: MIT
// One workflow in another, twice: tasks are then named `winter/simulate`, and parameters are given by `with`.
#include <weft/weft.hpp>
using namespace weft;

constexpr auto season = workflow<"season">(
    param<"days", int>(90, "how many days to simulate"), param<"start", std::string>("January"),
    task<"simulate">(sh<"echo {{days}} days from {{start}} > t.txt">),
    task<"plot">(sh<"sed 's/^/plot of /' workflow:///simulate/t.txt > plot.txt">));

constexpr auto year = workflow<"year">(
    param<"from", std::string>("December"), as<"winter">(season) | with<"start", "from">,
    as<"summer">(season) | with<"days">(92) | with<"start">("June"),
    task<"report">(sh<"cat workflow://winter/plot/plot.txt workflow://summer/plot/plot.txt > report.txt">) |
        collect<"report.txt">);

static_assert(year.task_count() == 5 && year.depth() == 3);

int main(int argc, char** argv) {
    return weft::main(year, argc, argv);
}
