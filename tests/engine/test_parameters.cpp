// SPDX-License-Identifier: MIT
// Relative paths are resolved where the run starts, not where a task runs or where the run is resumed.
#include <weft/engine/parameters.hpp>
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace weft;
using path = std::filesystem::path;

namespace {

const auto flow =
    workflow<"paths">(param<"in", path>("data.csv"), param<"more", std::vector<path>>({"a", "/b"}),
                      param<"text", std::string>("t"), task<"A">(sh<"cat {{in}} {{more}} {{text}}">));

std::vector<std::string> values(const options& how) {
    const plan::lowered lowered(flow);
    return engine::parameter_values(lowered.view(), how);
}

}  // namespace

TEST_CASE("relative paths, in defaults and list elements too, become absolute, and text does not") {
    const std::string here = std::filesystem::current_path().string() + '/';
    const std::string zero(1, 0);
    CHECK(values({}) == std::vector<std::string>{here + "data.csv", here + "a" + zero + "/b" + zero, "t"});
    options how;
    how.directory = "/base";
    how.parameters = {{"in", "./x/../y"}, {"more", "p\\,q,/r"}, {"text", "t"}};
    CHECK(values(how) == std::vector<std::string>{"/base/x/../y", "/base/p,q" + zero + "/r" + zero, "t"});
    how.directory = "sub";
    how.parameters = {{"in", "."}, {"more", ""}};
    CHECK(values(how) == std::vector<std::string>{here + "sub", "", "t"});
    how.parameters = {{"in", ""}};
    CHECK(values(how)[0].empty());
}

TEST_CASE("values in the user's form become absolute and keep that form") {
    const plan::lowered lowered(flow);
    std::map<std::string, std::string> given{
        {"in", "x"}, {"more", "p\\,q,/r,s"}, {"text", "t"}, {"other", "o"}};
    engine::make_paths_absolute(lowered.view(), given, "/base");
    CHECK(given == std::map<std::string, std::string>{
                       {"in", "/base/x"}, {"more", "/base/p\\,q,/r,/base/s"}, {"text", "t"}, {"other", "o"}});
}
