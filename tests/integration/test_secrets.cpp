// SPDX-License-Identifier: MIT
// A secret reaches its task and nothing else: no file, no argument, no log, no other task.
#include <weft/show/log.hpp>
#include <weft/show/plan_text.hpp>
#include <weft/weft.hpp>

#include "support/both_places.hpp"
#include "support/captured.hpp"
#include "support/content.hpp"
#include "support/sshd.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace weft;
namespace fs = std::filesystem;
using support::content;
using support::place;

namespace {

// Nothing else on the machine contains these words, and none of them is in an argument of this process.
const std::string word = "it's $HOME/\"wOrd\"`x`\\";
const std::string second_line = "sEcond line";
const std::string hidden = word + '\n' + second_line;

/// Sets variables of this process during a test.
struct with_variables {
    with_variables() {
        ::setenv("WEFT_TEST_TOKEN", hidden.c_str(), 1);
        ::setenv("WEFT_TEST_OTHER", "another-secret", 1);
    }
    with_variables(const with_variables&) = delete;
    with_variables& operator=(const with_variables&) = delete;
    ~with_variables() {
        ::unsetenv("WEFT_TEST_TOKEN");
        ::unsetenv("WEFT_TEST_OTHER");
    }
};

bool tells(const std::string& text) {
    return text.find("wOrd") != text.npos || text.find("sEcond") != text.npos ||
           text.find("another-secret") != text.npos;
}

// clang-format off
constexpr auto publish = workflow<"publish">(
    task<"upload">(sh<"curl --netrc-file <(echo \"default login ci password $TOKEN\") https://example.org/">) |
    env<"TOKEN">(secret("CI_TOKEN")));
// clang-format on

}  // namespace

TEST_CASE("a secret is declared by the name of the variable that holds it, and no value is compiled in") {
    const plan::lowered lowered(publish);
    CHECK(lowered.view().environment[0].secret);
    CHECK(lowered.view().environment[0].value == "CI_TOKEN");
}

TEMPLATE_TEST_CASE_SIG("a secret reaches its task through the environment and is nowhere else", "",
                       ((bool Remote), Remote), false, true) {
    const with_variables variables;
    constexpr auto flow = workflow<"secrets">(
        host<"edge">,
        // The task examines the arguments of all processes, and outputs the length of the secret.
        task<"A">(sh<"printf %s \"$TOKEN\" | wc -c > size; printf %s \"$WEFT_TEST_OTHER\" | wc -c >> size; "
                     "cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' '\\n' > arguments || :">) |
            env<"TOKEN">(secret("WEFT_TEST_TOKEN")) | env<"WEFT_TEST_OTHER">(secret) | place<Remote>(),
        task<"B">(sh<"env > environment">) | place<Remote>(),
        task<"C">(sh<"echo \"the token is $TOKEN\" >&2; exit 3">) | env<"TOKEN">(secret("WEFT_TEST_TOKEN")) |
            place<Remote>() | after<"A">);
    support::sshd server;
    support::temporary_directory base;
    options how;
    how.hosts = {{"edge", server.binding()}};
    how.scratch = base.path().string();
    how.keep = true;

    support::captured text;
    support::captured json;
    show::log lines({show::log_level::debug, show::log_format::text, text.descriptor(), false});
    show::log objects({show::log_level::debug, show::log_format::json, json.descriptor(), false});
    engine::observer* const listeners[] = {&lines, &objects};
    const plan::lowered lowered(flow);
    const report result = run_plan(lowered.view(), how, listeners);

    INFO(text.text());
    const fs::path scratch = result["A"].scratch;
    CHECK(content(scratch / "size") == std::to_string(hidden.size()) + "\n14\n");
    CHECK_FALSE(content(scratch / "arguments").empty());
    CHECK_FALSE(tells(content(result["B"].scratch + "/environment")));
    CHECK(result["C"].exit_code == 3);
    CHECK(result["C"].stderr_tail == "the token is ***\n***\n");
    CHECK_THAT(content(scratch / ".weft/environment"), Catch::Contains("# TOKEN is a secret"));
    CHECK_FALSE(tells(text.text()));
    CHECK_FALSE(tells(json.text()));
    CHECK_FALSE(tells(show::plan_text(lowered.view(), how)));
    CHECK_FALSE(tells(server.log()));
    for (const auto& entry : fs::recursive_directory_iterator(base.path())) {
        if (!entry.is_regular_file() || entry.path() == fs::path(result["C"].scratch) / ".weft/stderr")
            continue;
        INFO(entry.path());
        CHECK_FALSE(tells(content(entry.path())));
    }
}

TEST_CASE("a secret that is not set is reported before anything starts, with the task and the variable") {
    constexpr auto flow = workflow<"unset">(task<"upload">(sh<"touch started">) |
                                            env<"TOKEN">(secret("WEFT_TEST_NO_SUCH_TOKEN")));
    CHECK_THROWS_WITH(run(flow, {}),
                      "task 'upload' needs a secret: set the variable WEFT_TEST_NO_SUCH_TOKEN "
                      "in the environment of this program");
}
