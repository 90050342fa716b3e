// SPDX-License-Identifier: MIT
#include <weft/plan/lower.hpp>
#include <weft/show/plan_text.hpp>
#include <weft/workflow.hpp>

#include <catch2/catch.hpp>

using namespace weft;
using namespace std::chrono_literals;

namespace {

std::string plan_of(const auto& workflow, const options& how = {}) {
    const plan::lowered lowered(workflow);
    return show::plan_text(lowered.view(), how);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

constexpr auto four = workflow<"four">(
    host<"edge">, host<"other">, task<"A">(sh<"echo > f1.txt">) | on<"edge"> | outputs<"f1.txt">,
    task<"B">(sh<"cat workflow:///A/f1.txt > f2.txt">) | on<"edge"> | inputs<"parameters.txt">,
    task<"C">(sh<"cat workflow:///A/f1.txt > f2.txt">) | on<"other"> | retry(2, 1s) | timeout(90s),
    task<"D">(sh<"cat workflow:///B/f2.txt workflow:///C/f2.txt > f3.txt">) | collect<"f3.txt"> | keep,
    task<"E">(sh<"cat workflow:///B/f2.txt">) | after<"D">);

}  // namespace

TEST_CASE("a plan shows order, places, edges, and how each file is staged") {
    options how;
    how.hosts = {
        {"edge", {.address = "192.0.2.10", .user = "alice", .port = 2222, .identity = "~/.ssh/key"}}};
    CHECK(plan_of(four, how) == R"(workflow 'four': 5 tasks, 6 edges, 4 levels, at most 2 side by side

tasks
  level  task  runs      after  promises  policy
  0      A     on edge          f1.txt
  1      B     on edge   A
  1      C     on other  A                at most 90 s, up to 3 attempts
  2      D     here      B, C             kept
  3      E     here      B, D

files
  path            from       to         how
  f1.txt          A (edge)   B (edge)   linked
  parameters.txt  here       B (edge)   sent over SSH
  f1.txt          A (edge)   C (other)  streamed through here, not stored
  f2.txt          B (edge)   D (here)   fetched over SSH
  f2.txt          C (other)  D (here)   fetched over SSH
  f3.txt          D (here)   results/D  collected
  f2.txt          B (edge)   E (here)   linked to the same copy
  in all: 1 collected; 2 fetched over SSH; 1 linked; 1 linked to the same copy; 1 sent over SSH; 1 streamed through here, not stored

hosts
  host   address                                key         scratch
  edge   alice@192.0.2.10:2222                  ~/.ssh/key  /tmp
  other  not bound: looked up in ~/.ssh/config              /tmp
)");
}

TEST_CASE("for a host with several machines the plan leaves the machine open") {
    options how;
    how.hosts = {{"edge", {.address = "192.0.2.10"}},
                 {"edge", {.address = "2001:db8::1", .port = 22, .slots = 4}}};
    const std::string text = plan_of(four, how);
    INFO(text);
    CHECK(
        has(text,
            "f1.txt          A (edge)   B (edge)   linked, or streamed through here between its machines\n"));
    CHECK(has(text, "edge   192.0.2.10 "));
    CHECK(has(text, "edge   [2001:db8::1]:22 "));
}

TEST_CASE("a plan shows the parameters with their values") {
    constexpr auto letters = workflow<"letters">(param<"count", int>(2, "how many times"), param<"year", int>,
                                                 param<"suffix", std::string>(""),
                                                 task<"write">(sh<"echo {{count}} {{year}} {{suffix}}">));
    options how;
    how.parameters = {{"count", "7"}};
    CHECK(plan_of(letters, how) == R"(workflow 'letters': 1 task, 0 edges, 1 level, at most 1 side by side

tasks
  level  task   runs
  0      write  here

parameters
  name    value       type          about
  count   7           whole number  how many times
  year    (required)  whole number
  suffix  ''          text
)");
}

TEST_CASE("columns stay aligned with names of any alphabet, and control characters are escaped") {
    constexpr auto names = workflow<"names">(
        task<"A">(sh<"true">),
        task<"B">(sh<"cat workflow:///A/%0Aline%1B%5B2J workflow:///A/名前 workflow:///A/naïve">));
    const std::string text = plan_of(names);
    INFO(text);
    CHECK(has(text, "  \\nline\\x1b[2J  A (here)  B (here)  linked\n"));
    CHECK(has(text, "  naïve          A (here)  B (here)  linked\n"));
}
