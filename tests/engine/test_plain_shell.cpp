// SPDX-License-Identifier: MIT
#include <weft/engine/workflow_run.hpp>

#include "support/fake_clock.hpp"
#include "support/fake_place.hpp"
#include "support/plan_builder.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace {

struct notes final : weft::engine::observer {
    std::vector<std::string> all;
    void note(std::string_view message) override { all.emplace_back(message); }
};

/// A place that opens with the given shell.
struct shelled_place final : support::fake_place {
    std::string shell;
    explicit shelled_place(std::string name) : shell(std::move(name)) {}
    weft::os::async<weft::engine::capacity> open() override {
        weft::engine::capacity has{2, 0};
        has.shell = shell;
        co_return has;
    }
};

}  // namespace

TEST_CASE("a place without pipefail is reported once, if shell commands run there") {
    const auto [shell, is_reported] = GENERATE(table<std::string, bool>(
        {{"bash", false}, {weft::engine::shell_with_pipefail, false}, {weft::engine::plain_shell, true}}));
    support::plan_builder plan;
    plan.task("A").task("B");
    const weft::plan::view view = plan.view();
    support::fake_clock clock;
    support::fake_stager stager;
    shelled_place here(shell);
    here.script = [](const auto&) { return support::fake_place::exited(0); };
    notes listener;
    std::vector<weft::engine::place> places(1);
    places[0].directory = "/tmp/run-1";
    places[0].tasks = &here;
    places[0].contents = &here;
    weft::engine::settings how;
    how.run = "run-1";
    weft::engine::workflow_run executor(view, how, places, stager, clock, listener);
    bool ended = false;
    const auto drive = [&]() -> weft::os::async<void> {
        co_await executor.run();
        ended = true;
    };
    weft::os::spawn(drive());
    CHECK(ended);
    CHECK(listener.all.size() == (is_reported ? 1 : 0));
    if (is_reported)
        CHECK_THAT(listener.all.front(), Catch::Contains("this machine has no shell with pipefail"));
}
