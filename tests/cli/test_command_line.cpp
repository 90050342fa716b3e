// SPDX-License-Identifier: MIT
#include <weft/cli/command_line.hpp>
#include <weft/launch/run_plan.hpp>
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include "support/captured.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

using namespace weft;
using namespace std::chrono_literals;
using Catch::Matchers::Equals;
using words = std::vector<std::string>;

namespace {

constexpr auto flow =
    workflow<"forecast">(host<"edge">, host<"cluster">, param<"year", int>,
                         param<"name", std::string>("none", "what it is called"), param<"dry", bool>(false),
                         task<"A">(sh<"echo {{year}} {{name}} {{dry}}">) | on<"edge">,
                         task<"B">(sh<"true">) | on<"cluster"> | after<"A">);

constexpr auto local = workflow<"local">(task<"A">(sh<"true">));

cli::reading read(const auto& workflow, words given) {
    const plan::lowered lowered(workflow);
    given.insert(given.begin(), "/usr/bin/forecast");
    std::vector<const char*> argv;
    for (const std::string& word : given) argv.push_back(word.c_str());
    return cli::read_command_line(lowered.view(), static_cast<int>(argv.size()), argv.data());
}

cli::request request_of(const words& given) {
    const cli::reading result = read(flow, given);
    REQUIRE(result.wanted);
    return *result.wanted;
}

/// The error message for an invalid command line.
std::string refusal(const words& given, const auto& workflow) {
    try {
        read(workflow, given);
    } catch (const options_error& error) {
        return error.what();
    }
    return "accepted";
}
std::string refusal(const words& given) {
    return refusal(given, flow);
}

}  // namespace

TEST_CASE("without a command the workflow runs") {
    CHECK(request_of({"--year", "2026"}).what == cli::command::run);
    CHECK(request_of({"run", "--year", "2026"}).what == cli::command::run);
    CHECK(request_of({"--year", "2026", "run"}).what == cli::command::run);
    CHECK(request_of({"plan"}).what == cli::command::plan);
    CHECK(request_of({"graph"}).what == cli::command::graph);
}

TEST_CASE("options stand before or after the command, with a space or an equals sign") {
    for (const words& given : {words{"--jobs", "3", "--year", "5"}, words{"--jobs=3", "--year=5"},
                               words{"-j3", "run", "--year", "5"}, words{"run", "-j", "3", "--year", "5"},
                               words{"--", "--year", "5", "-j3"}}) {
        const auto request = request_of(given);
        CHECK(request.options.jobs == 3);
        CHECK(request.options.parameters.at("year") == "5");
    }
}

TEST_CASE("command-line options set the run's options") {
    const auto request = request_of({"--scratch", "/scratch", "--results", "out", "--keep", "--fail-fast",
                                     "--grace", "0.25", "--log-format", "json", "-q", "--year", "1"});
    CHECK(request.options.scratch == "/scratch");
    CHECK(request.options.results == "out");
    CHECK(request.options.keep);
    CHECK(request.options.fail_fast);
    CHECK(request.options.grace == 250ms);
    CHECK(request.options.handle_signals);
    CHECK(request.log.format == show::log_format::json);
    CHECK(request.log.level == show::log_level::warning);
    CHECK(request_of({"-v", "plan"}).log.level == show::log_level::debug);
    CHECK(request_of({"graph"}).graph_format == "mermaid");
    CHECK(request_of({"graph", "--format", "dot"}).graph_format == "dot");
    CHECK(request_of({"--format=dot", "graph"}).graph_format == "dot");
}

TEST_CASE("a parameter's value may look like an option or a command") {
    const auto value = [](words given) {
        given.insert(given.end(), {"--year", "1"});
        return request_of(given).options.parameters.at("name");
    };
    CHECK(value({"--name", "plan"}) == "plan");
    CHECK(value({"--name", ""}) == "");
    CHECK(value({"--name="}) == "");
    CHECK(value({"--name=", "run"}) == "");
    CHECK(value({"--name", "-x"}) == "-x");
    CHECK(value({"--name", "--unknown"}) == "--unknown");
    CHECK(value({"--name=--keep"}) == "--keep");
    CHECK(value({"--name", "a=b=c"}) == "a=b=c");
    CHECK(value({"--name", "[a,b]"}) == "[a,b]");
    CHECK(value({"--name", "%%"}) == "%%");
    CHECK(value({"--name", "two\nlines"}) == "two\nlines");
    CHECK(request_of({"--year", "-5"}).options.parameters.at("year") == "-5");
}

TEST_CASE("a boolean parameter without a value is true") {
    const auto value = [](words given) {
        given.insert(given.begin(), {"--year", "1"});
        return request_of(given).options.parameters.at("dry");
    };
    CHECK(value({"--dry"}) == "true");
    CHECK(value({"--dry", "run"}) == "true");
    CHECK(value({"--dry", "--keep"}) == "true");
    CHECK(value({"--dry", "false"}) == "false");
    CHECK(value({"--dry=no", "run"}) == "no");
    CHECK(refusal({"--year", "1", "--dry=maybe"}) == "--dry maybe: expected true or false");
}

TEST_CASE("parameters are checked before the run starts") {
    CHECK(refusal({}) == "workflow 'forecast' needs --year <whole number>; see --help");
    CHECK(refusal({"plan"}) == "accepted");
    CHECK(refusal({"--year", "soon"}) ==
          "--year soon: expected a whole number from -2147483648 to 2147483647");
    CHECK(refusal({"--year="}) == "--year '': expected a whole number from -2147483648 to 2147483647");
}

TEST_CASE("unknown words are rejected with a suggestion") {
    CHECK(refusal({"--jbos", "3"}) == "unknown option --jbos; did you mean --jobs?");
    CHECK(refusal({"--yaer=3"}) == "unknown option --yaer; did you mean --year?");
    CHECK(refusal({"graph", "--formt", "dot"}) == "unknown option --formt; did you mean --format?");
    CHECK(refusal({"--something-else"}) == "unknown option --something-else; see --help");
    CHECK(refusal({"-x"}) == "unknown option -x; see --help");
    CHECK(refusal({"plna"}) ==
          "'plna' is not a command (there are run, resume, plan, graph, runs, status, logs, rerun, cancel, "
          "clean); did you mean plan?");
    CHECK(refusal({"plan", "everything"}) ==
          "'everything' is not a command (there are run, resume, plan, graph, runs, status, logs, rerun, "
          "cancel, clean)");
    CHECK(refusal({"plan", "graph"}) == "plan and graph are two commands: give only one");
}

TEST_CASE("invalid values of options are rejected with the valid ones") {
    CHECK(refusal({"--jobs"}) == "--jobs needs a value: write --jobs <n>");
    CHECK(refusal({"--scratch", "--keep"}) == "--scratch needs a value: write --scratch <dir>");
    for (const char* jobs : {"0", "-1", "x", "1.5", "", "100001", "99999999999999999999"})
        CHECK_THAT(refusal({"--jobs", jobs}),
                   Equals(std::string("--jobs ") + jobs + ": expected a whole number from 1 to 100000"));
    for (const char* grace : {"-1", "nan", "inf", "25h"})
        CHECK_THAT(refusal({"--grace", grace}),
                   Equals(std::string("--grace ") + grace +
                          ": expected seconds from 0 to 86400, or a duration such as 500ms, 5s or 2min"));
    CHECK(refusal({"--keep=yes"}) == "--keep takes no value: write only --keep");
    CHECK(refusal({"--jobs", "1", "-j", "2"}) == "--jobs is given twice: give it once");
    CHECK(refusal({"--log-format", "xml"}) == "--log-format xml: expected text or json");
    CHECK(refusal({"graph", "--format", "png"}) == "--format png: expected dot or mermaid");
    CHECK(refusal({"--format", "dot", "plan"}) ==
          "--format belongs to the command graph: write graph --format dot");
    CHECK(refusal({"--quiet", "--verbose"}) == "--quiet and --verbose exclude each other: give only one");
    CHECK(refusal({"--results", ""}) == "--results '': the value is empty");
}

TEST_CASE("a parameter cannot have the name of an option") {
    constexpr auto clash = workflow<"clash">(param<"hosts", std::string>, task<"A">(sh<"echo {{hosts}}">));
    CHECK(refusal({"--help"}, clash) ==
          "parameter 'hosts' of workflow 'clash' has the name of the option --hosts: "
          "rename the parameter");
}

TEST_CASE("the help lists commands, options and examples within 80 columns") {
    support::captured output(1);
    CHECK(read(flow, {"plan", "--help"}).exit_code == 0);
    const std::string text = output.text();
    INFO(text);
    for (const char* part :
         {"Usage: /usr/bin/forecast [<command>] [options]", "Workflow 'forecast'", "A, B", "edge, cluster",
          "--year <whole number>   (required)", "--name <text>           what it is called (default: none)",
          "--dry <true or false>   (default: false)", "--host <name>=<address>", "-j, --jobs <n>",
          "--host edge=alice@192.0.2.10:22"})
        CHECK(text.find(part) != text.npos);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}

TEST_CASE("the help of a workflow without hosts does not mention hosts") {
    support::captured output(1);
    CHECK(read(local, {"-h"}).exit_code == 0);
    CHECK(output.text().find("--host") == std::string::npos);
}

TEST_CASE("the option --version prints the version") {
    support::captured output(1);
    CHECK_FALSE(read(flow, {"--version"}).wanted);
    CHECK(output.text() == "weft " WEFT_VERSION "\n");
}

TEST_CASE("a list takes the following words, up to an option or the command") {
    constexpr auto many = workflow<"many">(param<"files", std::vector<std::string>>,
                                           param<"n", std::vector<int>>(std::vector<int>{}),
                                           task<"A">(sh<"cat {{files}}; echo {{n}}">));
    const auto value = [&](const words& given, const char* name) {
        return read(many, given).wanted->options.parameters.at(name);
    };
    CHECK(value({"--files", "a.txt", "b.txt"}, "files") == "a.txt,b.txt");
    CHECK(value({"--files", "a.txt", "b.txt", "c.txt", "--keep"}, "files") == "a.txt,b.txt,c.txt");
    CHECK(value({"--files", "a", "b", "-j2", "run"}, "files") == "a,b");
    CHECK(value({"--files", "a", "b", "run"}, "files") == "a,b");
    CHECK(value({"run", "--files", "a", "run"}, "files") == "a,run");
    CHECK(value({"--files=a", "--files", "b", "c"}, "files") == "a,b,c");
    CHECK(value({"--n", "-1", "-2", "3", "--files", "a"}, "n") == "-1,-2,3");
    CHECK(read(many, {"resume", "--files", "a", "b", "--", "some-run"}).wanted->operands ==
          words{"some-run"});
    CHECK(refusal({"--files", "a", "b", "--kepe"}, many) == "unknown option --kepe; did you mean --keep?");
}

TEST_CASE("times are a number of seconds or have a unit") {
    CHECK(request_of({"--year", "1", "--grace", "1s"}).options.grace == 1s);
    CHECK(request_of({"--year", "1", "--grace", "0.25"}).options.grace == 250ms);
    CHECK(request_of({"--year", "1", "--grace", "500ms"}).options.grace == 500ms);
    CHECK(request_of({"--year", "1", "--host-deadline", "1min30s"}).options.host_deadline == 90s);
    CHECK(refusal({"--year", "1", "--grace", "soon"}) ==
          "--grace soon: expected seconds from 0 to 86400, or a duration such as 500ms, 5s or 2min");
}

TEST_CASE("help is also a command") {
    const support::captured out(1);
    CHECK_FALSE(read(flow, {"help"}).wanted);
    CHECK_FALSE(read(flow, {"help", "run"}).wanted);
}
