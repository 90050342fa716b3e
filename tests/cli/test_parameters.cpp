// SPDX-License-Identifier: MIT
// Parameters of every type on the command line: values, help, errors.
#include <weft/launch/run_plan.hpp>
#include <weft/weft.hpp>

#include "support/captured.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace weft;
using words = std::vector<std::string>;

namespace {

enum class solver { fast, exact };
enum class region { north_sea, baltic_sea, mediterranean, black_sea, red_sea };

constexpr auto flow =
    workflow<"flow">(param<"solver", solver>(solver::fast, "how it is solved"),
                     param<"region", region>(region::black_sea, "where"),
                     param<"input", std::filesystem::path>("in put", "what is read"),
                     param<"wait", std::chrono::seconds>(30s, "between attempts"),
                     param<"cache", bytes>(4_GiB, "kept in memory"),
                     param<"sizes", std::vector<int>>({1, 2, 3}, "grids"), param<"steps", int>(10),
                     task<"A">(sh<"for s in {{sizes}}; do echo $s; done; echo {{solver}} {{input}} {{wait}} "
                                  "{{cache}} '{{sizes}}'">) |
                         outputs<".weft/stdout"> | collect<".weft/stdout">);

struct ended {
    int code;
    std::string out;
    std::string err;
    std::string result;
};

ended run(words given) {
    const support::temporary_directory directory;
    const std::string results = (directory.path() / "results").string();
    given.insert(given.begin(), "./flow");
    given.insert(given.end(), {"--scratch", (directory.path() / "scratch").string(), "--results", results});
    std::vector<const char*> argv;
    for (const std::string& word : given) argv.push_back(word.c_str());
    support::captured out(1);
    support::captured err(2);
    const int code = weft::main(flow, static_cast<int>(argv.size()), argv.data());
    std::string said = err.text();
    std::ifstream file(results + "/A/.weft/stdout");
    return {code, out.text(), std::move(said), {std::istreambuf_iterator<char>(file), {}}};
}

std::string refusal(const words& given) {
    const ended result = run(given);
    CHECK(result.code == 2);
    CHECK(result.err.find('\n') == result.err.size() - 1);
    return result.err;
}

}  // namespace

TEST_CASE("defaults of every type reach the command") {
    const std::string here = std::filesystem::current_path().string();
    CHECK(run({}).result == "1\n2\n3\nfast " + here + "/in put 30s 4294967296 1 2 3\n");
}

TEST_CASE("values of every type reach the command, and repeated list options append") {
    const std::string here = std::filesystem::current_path().string();
    CHECK(run({"--solver=exact", "--input", "it's", "--wait", "1.5min", "--cache", "1kB", "--sizes", "7,8",
               "--sizes", "-9"})
              .result == "7\n8\n-9\nexact " + here + "/it's 90s 1000 7 8 -9\n");
    CHECK(run({"--sizes", ""}).result == "fast " + here + "/in put 30s 4294967296 \n");
}

TEST_CASE("an invalid value is rejected in one line with its flag and the expected form") {
    CHECK(refusal({"--solver", "fsat"}) ==
          "flow: --solver fsat: expected fast or exact; did you mean fast?\n");
    CHECK(refusal({"--wait", "30"}) ==
          "flow: --wait 30: a duration needs its unit: write 30s, or min, h, d or ms\n");
    CHECK(refusal({"--cache", "4G"}) ==
          "flow: --cache 4G: expected a size such as 4GiB, 1.5MB or a number of bytes below 16 EiB\n");
    CHECK(refusal({"--sizes", "1,x"}) ==
          "flow: --sizes 1,x: element 2, 'x': expected a whole number from -2147483648 to 2147483647\n");
    CHECK(refusal({"--steps", "1", "--steps", "2"}) == "flow: --steps is given twice: give it once\n");
}

TEST_CASE("the help shows each parameter's type, description and default within 80 columns") {
    const std::string help = run({"--help"}).out;
    INFO(help);
    for (const char* line : {
             "  --solver <fast|exact>   how it is solved (default: fast)\n",
             "  --region <region>       where; one of north_sea, baltic_sea, mediterranean,\n"
             "                          black_sea, red_sea (default: black_sea)\n",
             "  --input <path>          what is read (default: in put)\n",
             "  --wait <duration>       between attempts (default: 30s)\n",
             "  --cache <size>          kept in memory (default: 4GiB)\n",
             "  --sizes <whole number>,...\n                          grids (default: 1,2,3)\n",
             "  --steps <whole number>  (default: 10)\n",
         })
        CHECK(help.find(line) != help.npos);
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}

TEST_CASE("options in code have the same text forms and the same errors") {
    options how;
    how.parameters = {{"wait", "30"}};
    CHECK_THROWS_WITH(
        weft::run(flow, how),
        "parameter 'wait': '30' is not valid: a duration needs its unit: write 30s, or min, h, d or ms");
    how.parameters = {{"wiat", "30s"}};
    CHECK_THROWS_WITH(weft::run(flow, how),
                      Catch::StartsWith("workflow 'flow' has no parameter 'wiat' (it has: "));
}
