// SPDX-License-Identifier: MIT
// The workflows of docs/guides/nested.md that are not in examples/, with the properties stated on the page.
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string_view>

using namespace weft;

constexpr auto season =
    workflow<"season">(param<"days", int>(90), param<"start", std::string>("January"),
                       task<"simulate">(sh<"echo {{days}} days from {{start}} > t.txt">),
                       task<"plot">(sh<"sed 's/^/plot of /' workflow:///simulate/t.txt > plot.txt">));

// clang-format off
constexpr auto in_place = workflow<"year">(
    workflow<"winter">(task<"run">(sh<"echo cold > t.txt">)),
    workflow<"spring">(task<"run">(sh<"sed 's/cold/mild/' workflow://winter/run/t.txt > t.txt">)),
    task<"report">(sh<"cat workflow://winter/run/t.txt workflow://spring/run/t.txt">));

constexpr auto measured = workflow<"measured">(
    task<"plot">(sh<"sed 's/^/plot of /' workflow://year/prepare/t.txt > plot.txt">));

constexpr auto around = workflow<"year">(
    task<"prepare">(sh<"echo data > t.txt">),
    as<"winter">(measured), as<"summer">(measured));

constexpr auto decade = workflow<"decade">(
    workflow<"twenties">(season,
        task<"best">(sh<"sort -r workflow://season/plot/plot.txt > best.txt">)),
    task<"report">(sh<"cat workflow://twenties/best/best.txt">));

constexpr auto all_ways = workflow<"year">(
    param<"from", std::string>("December"),
    param<"summer_days", int>(92, "how long the summer is"),
    as<"spring">(season),                                              // --days, --start
    as<"summer">(season) | with<"days", "summer_days"> | with<"start">("June"),
    as<"winter">(season) | with<"days">(89) | with<"start", "from">);
// clang-format on

static_assert(in_place.task_count() == 3 && in_place.edge_count() == 3 && in_place.depth() == 3);
static_assert(around.task_count() == 3 && around.edge_count() == 2);
static_assert(decade.task_count() == 4 && decade.depth() == 4);

namespace {

bool check(const char* what, bool holds) {
    if (!holds) std::printf("docs/guides/nested.md is wrong about %s\n", what);
    return holds;
}

bool has_names(const plan::view& view, std::initializer_list<std::string_view> names) {
    return std::equal(view.tasks.begin(), view.tasks.end(), names.begin(), names.end(),
                      [](const plan::task& task, std::string_view name) { return task.name == name; });
}

bool has_flags(const plan::view& view, std::initializer_list<std::string_view> names) {
    return std::equal(
        view.parameters.begin(), view.parameters.end(), names.begin(), names.end(),
        [](const plan::parameter& parameter, std::string_view name) { return parameter.name == name; });
}

}  // namespace

int main() {
    const plan::lowered deep(decade);
    const plan::lowered bound(all_ways);
    const bool names = check(
        "names", has_names(deep.view(),
                           {"twenties/season/simulate", "twenties/season/plot", "twenties/best", "report"}));
    const bool flags = check("parameters passed through", has_flags(deep.view(), {"days", "start"}));
    const bool all = check("with", has_flags(bound.view(), {"from", "summer_days", "days", "start"}));
    return names && flags && all ? 0 : 1;
}
