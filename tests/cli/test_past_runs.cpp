// SPDX-License-Identifier: MIT
#include <weft/cli/command_line.hpp>
#include <weft/cli/past_runs.hpp>
#include <weft/journal/history.hpp>
#include <weft/journal/journal_file.hpp>
#include <weft/journal/state.hpp>
#include <weft/plan/lower.hpp>
#include <weft/workflow.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace weft;

TEST_CASE("a resumed run uses its journal's options, even if parameters have names of options") {
    static const auto flow = workflow<"past">(param<"memory", int>(1), task<"A">(sh<"echo {{memory}}">));
    const plan::lowered lowered(flow);
    const support::temporary_directory state;
    options recorded;
    recorded.memory = 5u << 20;
    recorded.parameters["memory"] = "2";
    journal::history past;
    past.workflow = "past";
    past.run = "past-1";
    past.sequence = 1;
    past.tasks = {"A"};
    journal::journal_file::create(journal::run_directory(state.path().string(), "past", "past-1"),
                                  journal::header_line(past))
        .append(journal::session_line(journal::this_session(1, recorded)));

    const std::string where = state.path().string();
    const char* const given[] = {"past", "resume", "--state", where.c_str(), "--memory", "3"};
    const cli::reading read = cli::read_command_line(lowered.view(), 6, given);
    REQUIRE(read.wanted);
    CHECK(read.wanted->given == std::set<std::string>{"--state"});
    const options how = cli::resumed(lowered.view(), *read.wanted);
    CHECK(how.memory == recorded.memory);
    CHECK(how.parameters.at("memory") == "3");
}
