// SPDX-License-Identifier: MIT
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace weft;

namespace {

constexpr auto season = workflow<"season">(
    param<"days", int>(90), param<"start", std::string>, host<"edge">,
    task<"run">(sh<"echo {{days}} {{start}} > t">) | on<"edge"> | retry(2) | env<"WHO">("season"),
    task<"plot">(sh<"plot workflow:///run/t workflow://season/run/t > p">));

constexpr auto year = workflow<"year">(
    host<"big">, task<"first">(sh<"echo">) | env<"WHO">("first"), as<"winter">(season),
    as<"summer">(season) | with<"days">(92) | with<"start", "from">, param<"from", std::string>("June"),
    workflow<"beside">(task<"look">(sh<"cat workflow://winter/plot/p workflow://summer/run/t">)),
    task<"last">(sh<"cat workflow://summer/plot/p workflow:///first/x workflow://beside/look/y">) |
        on<"big">);

// Two levels: a nested workflow that itself nests another.
constexpr auto decade = workflow<"decade">(
    as<"twenties">(workflow<"thirties">(season, task<"own">(sh<"cat workflow://season/plot/p">))),
    task<"all">(sh<"cat workflow://twenties/own/x">));

// `after` with a task of a nested workflow, also two levels down, from the outer workflow and from a sibling.
constexpr auto ordered = workflow<"ordered">(
    as<"twenties">(workflow<"decade">(season, task<"own">(sh<"echo">) | after<"season/plot">)),
    task<"first">(sh<"echo">) | after<"twenties/season/run">,
    task<"last">(sh<"echo">) | after<"twenties/own", "first">);

static_assert(season.task_count() == 2 && season.edge_count() == 1);
static_assert(year.task_count() == 7 && year.edge_count() == 7 && year.depth() == 4 && year.width() == 3);
static_assert(decade.task_count() == 4 && decade.depth() == 4);
static_assert(ordered.task_count() == 5 && ordered.edge_count() == 5 && ordered.depth() == 4);

std::vector<std::string> names(const plan::view& view) {
    std::vector<std::string> all;
    for (const plan::task& task : view.tasks) all.emplace_back(task.name);
    return all;
}

}  // namespace

TEST_CASE("tasks of nested workflows have the names of these as prefixes") {
    const plan::lowered lowered(year);
    CHECK(names(lowered.view()) == std::vector<std::string>{"first", "winter/run", "winter/plot",
                                                            "summer/run", "summer/plot", "beside/look",
                                                            "last"});
    CHECK(names(plan::lowered(decade).view()) ==
          std::vector<std::string>{"twenties/season/run", "twenties/season/plot", "twenties/own", "all"});
}

TEST_CASE("references reach tasks of the same workflow, of nested ones and of siblings") {
    const plan::lowered lowered(year);
    const plan::view& view = lowered.view();
    std::vector<std::string> links;
    for (const plan::reference& one : view.references) {
        std::string link(view.tasks[one.consumer].name);
        link += " <- ";
        link += view.tasks[one.producer].name;
        links.push_back(link);
    }
    CHECK(links == std::vector<std::string>{"winter/plot <- winter/run", "winter/plot <- winter/run",
                                            "summer/plot <- summer/run", "summer/plot <- summer/run",
                                            "beside/look <- winter/plot", "beside/look <- summer/run",
                                            "last <- summer/plot", "last <- first", "last <- beside/look"});
}

TEST_CASE("hosts of the same name are one host, and each task has its own policy and environment") {
    const plan::lowered lowered(year);
    const plan::view& view = lowered.view();
    REQUIRE(view.hosts.size() == 2);
    CHECK(view.hosts[view.tasks[1].host] == "edge");
    CHECK(view.tasks[3].host == view.tasks[1].host);
    CHECK(view.hosts[view.tasks[6].host] == "big");
    CHECK(view.policies[1].attempts == 3);
    CHECK(view.policies[3].attempts == 3);
    CHECK(view.policies[6].attempts == 1);
    CHECK(plan::rows(view.environment, view.tasks[0].environment)[0].value == "first");
    CHECK(plan::rows(view.environment, view.tasks[3].environment)[0].value == "season");
}

TEST_CASE("parameters are passed through, bound to another parameter, or bound to a value") {
    const plan::lowered lowered(year);
    const plan::view& view = lowered.view();
    REQUIRE(view.parameters.size() == 3);
    REQUIRE(view.all_parameters.size() == 4);
    CHECK(view.parameters[0].name == "days");
    CHECK(view.parameters[0].default_text == "90");
    CHECK(view.parameters[1].name == "start");
    CHECK(view.parameters[1].required);
    CHECK(view.parameters[2].name == "from");
    CHECK(view.all_parameters[3].default_text == "92");
    const auto used = [&](std::size_t task) {
        std::vector<plan::index> targets;
        for (const plan::piece& piece : plan::rows(view.pieces, view.tasks[task].pieces))
            if (piece.kind == plan::piece_kind::parameter) targets.push_back(piece.target);
        return targets;
    };
    CHECK(used(1) == std::vector<plan::index>{0, 1});
    CHECK(used(3) == std::vector<plan::index>{3, 2});
    const plan::lowered deep(decade);
    CHECK(deep.view().parameters.size() == 2);
}

TEST_CASE("a task runs after one of a nested workflow, however deep that is") {
    const plan::lowered lowered(ordered);
    const plan::view& view = lowered.view();
    std::vector<std::string> links;
    for (const plan::task& task : view.tasks)
        for (const plan::index before : plan::rows(view.predecessors, task.predecessors))
            links.push_back(std::string(task.name) + " after " + std::string(view.tasks[before].name));
    CHECK(links == std::vector<std::string>{"twenties/season/plot after twenties/season/run",
                                            "twenties/own after twenties/season/plot",
                                            "first after twenties/season/run", "last after twenties/own",
                                            "last after first"});
}
