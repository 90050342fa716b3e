// SPDX-License-Identifier: MIT
#include <weft/engine/command.hpp>
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include <catch2/catch.hpp>

using namespace weft;

namespace {

constexpr auto demo = workflow<"DataFlow-Demo-Remote">(
    host<"edge">, task<"A">(sh<"mkdir output; hostname > output/f1.txt">) | on<"edge">,
    task<"B">(sh<"echo $RANDOM > f2.txt; cat workflow:///A/output/f1.txt >> f2.txt">) | on<"edge">,
    task<"C">(sh<"echo $RANDOM > f2.txt; cat workflow:///A/output/f1.txt >> f2.txt">) | on<"edge">,
    task<"D">(sh<"cat workflow:///B/f2.txt >> f3.txt; cat workflow:///C/f2.txt >> f3.txt">));

static_assert(demo.name() == "DataFlow-Demo-Remote");
static_assert(demo.task_count() == 4 && demo.edge_count() == 4 && demo.depth() == 3 && demo.width() == 2);

constexpr auto rich = workflow<"rich">(
    task<"late">(
        exec<"prog", "--in=workflow:///early/a%20b", "", "{{n}}", "workflow:///early/*.nc", "it's">) |
        after<"middle"> | cpus(3) | memory(4_GiB),
    param<"n", int>(1000, "how many"), param<"ratio", double>(0.25), param<"who", std::string>("it's me"),
    param<"must", bool>, host<"one">, host<"two">,
    task<"early">(sh<"echo '{{who}}' \"{{who}}\" {{who}} $(cat {{n}})">) | on<"two"> |
        outputs<"a b", "*.nc"> | inputs<"x", "y"> | env<"K">("v w") | env<"L">("") | keep,
    task<"middle">(sh<"cat workflow:///early/a%20b 'workflow:///early/a%20b' workflow:///early/z.nc">) |
        collect<"out"> | timeout(1500ms) | retry(3, 250ms));

static_assert(rich.task_count() == 3 && rich.edge_count() == 3 && rich.depth() == 3 && rich.width() == 1);

}  // namespace

TEST_CASE("a workflow is lowered to rows in order of declaration, with a separate order of execution") {
    const plan::lowered lowered(rich);
    const plan::view& view = lowered.view();
    REQUIRE(view.tasks.size() == 3);
    CHECK(view.tasks[0].name == "late");
    CHECK(std::vector<plan::index>(view.order.begin(), view.order.end()) ==
          std::vector<plan::index>{1, 2, 0});
    CHECK(view.tasks[0].level == 2);
    CHECK(view.tasks[1].host == 1);
    CHECK(view.hosts[1] == "two");
    CHECK(view.tasks[2].host == plan::none);
    CHECK(plan::rows(view.predecessors, view.tasks[0].predecessors).size() == 2);
    CHECK(plan::rows(view.successors, view.tasks[1].successors).size() == 2);
    CHECK(view.edges == 3);
}

TEST_CASE("equal references are one row, with their escapes decoded") {
    const plan::lowered lowered(rich);
    const plan::view& view = lowered.view();
    const auto references = plan::rows(view.references, view.tasks[2].references);
    REQUIRE(references.size() == 2);
    CHECK(references[0].path == "a b");
    CHECK(references[0].producer == 1);
    CHECK(references[0].consumer == 2);
    CHECK_FALSE(references[0].glob);
    CHECK(plan::rows(view.references, view.tasks[0].references)[1].glob);
}

TEST_CASE("values come from the workflow object") {
    const plan::lowered lowered(rich);
    const plan::view& view = lowered.view();
    CHECK(view.policies[0].cpus == 3);
    CHECK(view.policies[0].memory == 4ull << 30);
    CHECK(view.policies[1].keep);
    CHECK(view.policies[2].time_limit == std::chrono::milliseconds(1500));
    CHECK(view.policies[2].attempts == 4);
    CHECK(view.policies[2].retry_delay == std::chrono::milliseconds(250));
    const auto environment = plan::rows(view.environment, view.tasks[1].environment);
    REQUIRE(environment.size() == 2);
    CHECK(environment[0].name == "K");
    CHECK(environment[0].value == "v w");
    CHECK(environment[1].value.empty());
    const auto paths = plan::rows(view.paths, view.tasks[1].outputs);
    CHECK(std::vector<std::string_view>(paths.begin(), paths.end()) ==
          std::vector<std::string_view>{"a b", "*.nc"});
    CHECK(plan::rows(view.paths, view.tasks[1].inputs).size() == 2);
    CHECK(plan::rows(view.paths, view.tasks[2].collected)[0] == "out");
}

TEST_CASE("parameters read values of their type and report what they expect otherwise") {
    const plan::lowered lowered(rich);
    const auto parameters = lowered.view().parameters;
    REQUIRE(parameters.size() == 4);
    CHECK(parameters[0].name == "n");
    CHECK(parameters[0].default_text == "1000");
    CHECK(parameters[0].description == "how many");
    CHECK(parameters[1].default_text == "0.25");
    CHECK(parameters[2].default_text == "it's me");
    CHECK(parameters[3].required);
    std::string out;
    CHECK(parameters[0].read("-7", out));
    CHECK(out == "-7");
    for (const char* bad : {"", "x", "7x", "1.5", "99999999999", " 7"}) {
        CHECK_FALSE(parameters[0].read(bad, out));
        CHECK_THAT(out, Catch::Contains("whole number from -2147483648 to 2147483647"));
    }
    CHECK(parameters[1].read("1e3", out));
    CHECK(out == "1000");
    CHECK_FALSE(parameters[1].read("a", out));
    CHECK(parameters[3].read("yes", out));
    CHECK(out == "true");
    CHECK_FALSE(parameters[3].read("maybe", out));
}

TEST_CASE("commands are assembled with every value quoted for its position") {
    const plan::lowered lowered(rich);
    const plan::view& view = lowered.view();
    const std::vector<std::string> values{"5", "1", "it's $me", "true"};
    const engine::command early = engine::expand(view, view.tasks[1], values, {});
    CHECK(early.script == R"sh(echo 'it'"'"'s $me' "it's \$me" 'it'"'"'s $me' $(cat 5))sh");

    const std::vector<std::vector<std::string>> middle_paths{{"/s/a b"}, {"/s/z.nc"}};
    CHECK(engine::expand(view, view.tasks[2], values, middle_paths).script ==
          "cat '/s/a b' '/s/a b' /s/z.nc");

    const std::vector<std::vector<std::string>> late_paths{{"/s/a b"}, {"/s/1.nc", "/s/2.nc"}};
    const engine::command late = engine::expand(view, view.tasks[0], values, late_paths);
    CHECK(late.arguments ==
          std::vector<std::string>{"prog", "--in=/s/a b", "", "5", "/s/1.nc", "/s/2.nc", "it's"});
}
