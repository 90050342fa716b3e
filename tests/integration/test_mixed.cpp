// SPDX-License-Identifier: MIT
// Commands and functions in one workflow: files and values in both directions, here and over a real sshd.
#include <weft/weft.hpp>

#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace weft;
namespace fs = std::filesystem;
using support::content;

namespace {

struct bench {
    support::temporary_directory base;
    options how{.scratch = (base.path() / "scratch").string(), .results = (base.path() / "results").string()};

    std::string result(const std::string& path) const { return content(base.path() / "results" / path); }
};

int sum_of(const fs::path& file) {
    std::ifstream numbers(file);
    int sum = 0;
    for (int each; numbers >> each;) sum += each;
    return sum;
}

}  // namespace

TEST_CASE("a function takes the file of a command and a command takes its value") {
    constexpr auto flow = workflow<"both">(
        param<"n", int>(10), task<"make">(sh<"seq {{n}} > data.txt">),
        task<"sum">([](const fs::path& data) { return sum_of(data); }, file<"make", "data.txt">),
        task<"show">(sh<"echo {{sum}} '{{sum}}' \"{{sum}}\" > out">) | collect<"out">,
        task<"exec">(exec<"sh", "-c", "echo $1 > out", "sh", "a{{sum}}z">) | collect<"out">);
    STATIC_REQUIRE(flow.edge_count() == 3);
    const bench b;
    const auto result = weft::run(flow, b.how);
    REQUIRE(result.ok());
    CHECK(result.value<"sum">() == 55);
    CHECK(b.result("show/out") == "55 55 55\n");
    CHECK(b.result("exec/out") == "a55z\n");
}

TEST_CASE("a function takes all files that match, or exactly one where it takes a single file") {
    constexpr auto flow = workflow<"many">(
        task<"make">(sh<"mkdir d; echo 1 > d/a.txt; echo 2 > 'd/b c.txt'; echo 3 > d/other">),
        task<"names">(
            [](const std::vector<fs::path>& found) {
                std::string names;
                for (const fs::path& each : found) names += each.filename().string() + ';';
                return names;
            },
            file<"make", "d/*.txt">),
        task<"count">([](const staged_file& found) { return found.size(); }, file<"make", "d/*.txt">),
        task<"one">([](const fs::path& found) { return found.string(); }, file<"make", "d/*.txt">));
    const bench b;
    const auto result = weft::run(flow, b.how);
    CHECK(result.value<"names">() == "a.txt;b c.txt;");
    CHECK(result.value<"count">() == 2);
    CHECK(result["one"].status == task_state::failed);
    CHECK_THAT(result["one"].reason, Catch::Contains("2 files match, but the function takes one"));
    CHECK_THROWS_WITH(result.value<"one">(), Catch::Contains("task 'one' of workflow 'many' has no value"));
}

TEST_CASE("values are quoted as their place in a command needs it") {
    constexpr auto flow = workflow<"quoting">(
        task<"text">([] { return std::string("it's \"$HOME\" `x` \\ *"); }), task<"list">([] {
            return std::vector<std::string>{"a b", "", "c'd"};
        }),
        task<"show">(sh<"printf '<%s>' {{text}} '{{text}}' \"{{text}}\" {{list}} '{{list}}' > out">) |
            collect<"out">);
    const bench b;
    REQUIRE(weft::run(flow, b.how).ok());
    const std::string text = "it's \"$HOME\" `x` \\ *";
    CHECK(b.result("show/out") == '<' + text + "><" + text + "><" + text + "><a b><><c'd><a b  c'd>");
}

TEST_CASE(
    "a function leaves files for others in its scratch, and a function without files leaves no scratch") {
    constexpr auto flow = workflow<"leaves">(
        task<"write">([](context& self) { std::ofstream(self.scratch() + "/note") << "written"; }) |
            outputs<"note"> | collect<"note">,
        task<"read">(sh<"cat workflow:///write/note > copy">) | collect<"copy">,
        task<"value">([](const fs::path& copy) { return content(copy); }, file<"read", "copy">),
        task<"asked">([](context& self) { std::ofstream(self.scratch() + "/kept") << self.task(); }));
    const bench b;
    const auto result = weft::run(flow, b.how);
    REQUIRE(result.ok());
    CHECK(b.result("write/note") == "written");
    CHECK(b.result("read/copy") == "written");
    CHECK(result.value<"value">() == "written");
    CHECK_FALSE(result["value"].scratch_kept);
    CHECK(content(fs::path(result["asked"].scratch) / "kept") == "asked");
    CHECK(fs::status(result["asked"].scratch).permissions() == fs::perms::owner_all);
    const fs::path run = fs::path(result["asked"].scratch).parent_path();
    CHECK(std::distance(fs::directory_iterator(run), fs::directory_iterator()) == 1);
}

TEST_CASE("output of a function goes to the observer") {
    constexpr auto flow = workflow<"saying">(
        task<"make">(sh<"echo 3 > f">),
        task<"read">([](context& self, const fs::path& found) { self.log("read " + content(found)); },
                     file<"make", "f">));
    bench b;
    std::string heard;
    b.how.on_message = [&](std::string_view task, std::string_view message) {
        heard.append(task).append(" says ").append(message);
    };
    REQUIRE(weft::run(flow, b.how).ok());
    CHECK(heard == "read says read 3\n");
}

TEST_CASE("a function that did not make a promised output fails") {
    constexpr auto flow =
        workflow<"promise">(task<"write">([](context& self) { (void)self.scratch(); }) | outputs<"note">,
                            task<"read">(sh<"cat workflow:///write/note">));
    const bench b;
    const auto result = weft::run(flow, b.how);
    CHECK_THAT(result["write"].reason, Catch::Contains("it did not create its declared output 'note'"));
    CHECK(result["read"].status == task_state::skipped);
}

TEST_CASE("an exception of a function is the reason of its failure, and its successors are skipped") {
    constexpr auto flow =
        workflow<"throws">(task<"make">(sh<"echo > f">),
                           task<"outer">(
                               [](const fs::path&) -> int {
                                   try {
                                       throw std::runtime_error("no such column");
                                   } catch (...) {
                                       std::throw_with_nested(std::runtime_error("cannot read the table"));
                                   }
                               },
                               file<"make", "f">),
                           task<"use">(sh<"echo {{outer}}">), task<"other">(sh<"true">));
    const bench b;
    const auto result = weft::run(flow, b.how);
    CHECK(result["outer"].status == task_state::failed);
    CHECK(result["outer"].reason == "cannot read the table: no such column");
    CHECK(result["use"].status == task_state::skipped);
    CHECK(result["other"].status == task_state::finished);
}

TEST_CASE("a function is tried again, unless its argument was moved into it") {
    static std::atomic<int> calls;
    static std::atomic<int> consumed;
    calls = consumed = 0;
    constexpr auto flow = workflow<"again">(task<"flaky">([] {
                                                if (++calls < 3) throw std::runtime_error("not yet");
                                                return std::string("there");
                                            }) | retry(3, 1ms),
                                            task<"show">(sh<"echo {{flaky}} > out">) | collect<"out">,
                                            task<"text">([] { return std::make_unique<int>(3); }),
                                            task<"eat">(
                                                [](std::unique_ptr<int>) -> int {
                                                    ++consumed;
                                                    throw std::runtime_error("gone");
                                                },
                                                from<"text">) |
                                                retry(3, 1ms));
    const bench b;
    const auto result = weft::run(flow, b.how);
    CHECK(result["flaky"].attempts == 3);
    CHECK(b.result("show/out") == "there\n");
    CHECK(result["eat"].status == task_state::failed);
    CHECK(consumed == 1);
}

TEST_CASE("a function that exceeds its time limit is asked to stop") {
    constexpr auto flow = workflow<"slow">(task<"wait">([](context& self) {
                                               while (!self.stop_requested()) std::this_thread::yield();
                                           }) | timeout(50ms),
                                           task<"then">(sh<"true">) | after<"wait">);
    const bench b;
    const auto result = weft::run(flow, b.how);
    CHECK(result["wait"].reason == "timed out after 0.05 s");
    CHECK(result["then"].status == task_state::skipped);
}

TEST_CASE("a stop of the run reaches running functions") {
    static std::stop_source stop;
    stop = {};
    constexpr auto flow = workflow<"stopped">(task<"wait">([](context& self) {
                                                  stop.request_stop();
                                                  while (!self.stop_requested()) std::this_thread::yield();
                                                  throw std::runtime_error("stopped");
                                              }),
                                              task<"then">(sh<"true">) | after<"wait">);
    bench b;
    b.how.stop = stop.get_token();
    const auto result = weft::run(flow, b.how);
    CHECK(result.cancelled);
    CHECK(result["wait"].status == task_state::cancelled);
    CHECK(result["then"].status == task_state::cancelled);
}

TEST_CASE("values and files of functions go to a host and a host's files to functions") {
    constexpr auto flow =
        workflow<"far">(host<"edge">, task<"make">(sh<"seq 10 > data.txt">) | on<"edge">,
                        task<"sum">(
                            [](context& self, const fs::path& data) {
                                std::ofstream(self.scratch() + "/it's a note") << "from here";
                                return sum_of(data);
                            },
                            file<"make", "data.txt">),
                        task<"show">(sh<"echo {{sum}} > out; cat workflow:///sum/it%27s%20a%20note >> out">) |
                            on<"edge"> | collect<"out">);
    const support::sshd server;
    bench b;
    b.how.hosts = {{"edge", server.binding()}};
    b.how.hosts[0].host.scratch = (b.base.path() / "far").string();
    const auto result = weft::run(flow, b.how);
    INFO(result["show"].reason << result["sum"].reason << result["make"].reason);
    REQUIRE(result.ok());
    CHECK(b.result("show/out") == "55\nfrom here");
}

TEST_CASE("a value that a command shows is not moved into the function that takes it by value") {
    constexpr auto flow =
        workflow<"shared">(task<"text">([] { return std::string(100, 'x'); }),
                           task<"eat">([](std::string text) { return text.size(); }, from<"text">),
                           task<"show">(sh<"echo {{text}} > out">) | after<"eat"> | collect<"out">);
    const bench b;
    const auto result = weft::run(flow, b.how);
    REQUIRE(result.ok());
    CHECK(b.result("show/out") == std::string(100, 'x') + '\n');
    CHECK(result.value<"eat">() == 100);
}
