// SPDX-License-Identifier: MIT
// Staged inputs do not belong to the task, here and on hosts alike.
#include <weft/local/machine.hpp>
#include <weft/os/reactor.hpp>
#include <weft/weft.hpp>

#include "support/content.hpp"
#include "support/run_async.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace weft;
namespace fs = std::filesystem;
using support::content;

namespace {

struct one_host {
    support::sshd server;
    support::temporary_directory base;
    options how;

    one_host() {
        ssh_host edge = server.binding();
        edge.scratch = (base.path() / "edge").string();
        how.hosts = {{"edge", edge}};
        how.scratch = (base.path() / "here").string();
        how.results = (base.path() / "results").string();
        how.keep = true;
    }
    std::string left(const report& result, const char* task, const std::string& path) const {
        return content(fs::path(result[task].scratch) / path);
    }
};

void check(const report& result, const char* task, task_state state) {
    INFO(task << ": " << result[task].reason << "\n" << result[task].stderr_tail);
    CHECK(result[task].status == state);
}

}  // namespace

// clang-format off
constexpr auto sorted = workflow<"sorted">(
    task<"measure">(sh<"printf '3\\n1\\n2\\n' > data.txt">),
    task<"sort">(sh<"sort -o workflow:///measure/data.txt workflow:///measure/data.txt; "
                    "cp workflow:///measure/data.txt out.txt">) | writable_inputs,
    task<"raw">(sh<"cp workflow:///measure/data.txt out.txt">) | after<"sort">);
// clang-format on

TEST_CASE("a task with writable inputs sorts its input in place, and the next task reads the original") {
    support::temporary_directory base;
    options how;
    how.scratch = base.path().string();
    how.results = (base.path() / "results").string();
    const report result = run(sorted, how);
    for (const char* name : {"sort", "raw"}) check(result, name, task_state::finished);
    CHECK(content(fs::path(result["sort"].scratch) / "out.txt") == "1\n2\n3\n");
    CHECK(content(fs::path(result["raw"].scratch) / "out.txt") == "3\n1\n2\n");
}

// File modes keep an ordinary user from writing, so the command fails; for root it is detected afterwards.
TEST_CASE("a task that writes to an input fails by name, on every place and for every type of input") {
    constexpr auto flow = workflow<"alter">(
        host<"edge">, task<"a">(sh<"echo right > f; mkdir d; echo right > d/f">),
        task<"b">(sh<"echo right > f; mkdir d; echo right > d/f">) | on<"edge">,
        task<"file_here">(sh<"echo wrong >> workflow:///a/f">),
        task<"file_there">(sh<"echo wrong >> workflow:///b/f">) | on<"edge">,
        task<"tree_here">(sh<"echo wrong >> workflow:///a/d/f"
                             "; : workflow:///a/d">),
        task<"tree_there">(sh<"echo wrong >> workflow:///b/d/f; : workflow:///b/d">) | on<"edge">,
        task<"copy_there">(sh<"echo wrong >> workflow:///a/f">) | on<"edge">,
        task<"copy_here">(sh<"echo wrong >> workflow:///b/f">));
    one_host b;
    const report result = run(flow, b.how);
    for (const char* name :
         {"file_here", "file_there", "tree_here", "tree_there", "copy_there", "copy_here"}) {
        check(result, name, task_state::failed);
        INFO(result[name].reason);
        if (::geteuid() != 0) continue;
        // A copy to another machine may be in progress when the file's link is written to there.
        if (result[name].reason.find("changed while it was read") != std::string::npos) continue;
        const bool by_itself = result[name].reason.find("it wrote to its input '") == 0;
        const bool by_another = result[name].reason.find("was written to by") != std::string::npos;
        CHECK((by_itself || by_another));
        CHECK_THAT(result[name].reason, Catch::Contains("f' of "));
    }
}

TEST_CASE("tasks with writable inputs have private copies of files and trees, here and on hosts") {
    constexpr auto flow = workflow<"copies">(
        host<"edge">, task<"a">(sh<"echo right > f; mkdir d; echo right > d/f; chmod a-w f d/f">),
        task<"here">(sh<"echo own >> workflow:///a/f; echo own >> workflow:///a/d/f; cat workflow:///a/f "
                        "workflow:///a/d/f > out">) |
            writable_inputs,
        task<"there">(sh<"echo own >> workflow:///a/f; echo own >> workflow:///a/d/f; cat workflow:///a/f "
                         "workflow:///a/d/f > out">) |
            writable_inputs | on<"edge">,
        task<"reads">(sh<"cat workflow:///a/f workflow:///a/d/f > out">) | after<"here", "there">,
        task<"reads_there">(sh<"cat workflow:///a/f workflow:///a/d/f > out">) | after<"here", "there"> |
            on<"edge">);
    one_host b;
    const report result = run(flow, b.how);
    for (const char* name : {"here", "there", "reads", "reads_there"})
        check(result, name, task_state::finished);
    REQUIRE(result.ok());
    for (const char* name : {"here", "there"})
        CHECK(b.left(result, name, "out") == "right\nown\nright\nown\n");
    for (const char* name : {"reads", "reads_there"}) CHECK(b.left(result, name, "out") == "right\nright\n");
}

TEST_CASE(
    "replacing, renaming and removing staged files does not alter the originals, and neither do future "
    "times") {
    constexpr auto flow = workflow<"replace">(
        host<"edge">, task<"a">(sh<"for i in 1 2 3; do echo x > $i; done; touch -d '2100-01-01' 3">),
        task<"b">(sh<"for i in 1 2 3; do echo x > $i; done; touch -d '2100-01-01' 3">) | on<"edge">,
        task<"here">(
            sh<"rm workflow:///a/1; mv workflow:///a/2 2; sed -i s/x/y/ 2; sed -i s/x/y/ workflow:///a/3">),
        task<"there">(
            sh<"rm workflow:///b/1; mv workflow:///b/2 2; sed -i s/x/y/ 2; sed -i s/x/y/ workflow:///b/3">) |
            on<"edge">);
    one_host b;
    const report result = run(flow, b.how);
    for (const char* name : {"here", "there"}) check(result, name, task_state::finished);
    CHECK(result.ok());
}

TEST_CASE("an input that cannot be staged is named on every route") {
    constexpr auto flow = workflow<"odd">(
        host<"edge">,
        task<"a">(sh<"mkdir -p pipe gone round; mkfifo pipe/p; ln -s nothing gone/l; ln -s . round/self">),
        task<"b">(sh<"mkdir -p pipe gone round; mkfifo pipe/p; ln -s nothing gone/l; ln -s . round/self">) |
            on<"edge">,
        task<"linked">(sh<": workflow:///a/gone">),
        task<"linked_there">(sh<": workflow:///b/gone">) | on<"edge">,
        task<"moved">(sh<": workflow:///b/gone">),
        task<"moved_there">(sh<": workflow:///a/gone">) | on<"edge">,
        task<"pipe">(sh<": workflow:///a/pipe">), task<"pipe_there">(sh<": workflow:///b/pipe">) | on<"edge">,
        task<"pipe_moved">(sh<": workflow:///b/pipe">),
        task<"pipe_copied">(sh<": workflow:///a/pipe">) | writable_inputs,
        task<"round">(sh<": workflow:///a/round">),
        task<"round_there">(sh<": workflow:///b/round">) | on<"edge">,
        task<"round_moved">(sh<": workflow:///b/round">),
        task<"home">(sh<"mkdir d; ln -s nothing d/l">) | collect<"d">,
        task<"home_there">(sh<"mkdir d; ln -s nothing d/l">) | collect<"d"> | on<"edge">);
    one_host b;
    const report result = run(flow, b.how);
    const auto fails = [&](std::initializer_list<const char*> names, const std::string& reason) {
        for (const char* name : names) {
            check(result, name, task_state::failed);
            CHECK_THAT(result[name].reason, Catch::Contains(reason));
        }
    };
    fails({"linked", "linked_there", "moved", "moved_there", "home", "home_there"}, "/l' in ");
    fails({"linked", "linked_there", "moved", "moved_there", "home", "home_there"},
          "is a dangling symbolic link");
    fails({"pipe", "pipe_there", "pipe_moved", "pipe_copied"}, "'pipe/p' in ");
    fails({"pipe", "pipe_there", "pipe_moved", "pipe_copied"}, "is a fifo");
    fails({"round", "round_there", "round_moved"}, "'round/self' in ");
    fails({"round", "round_there", "round_moved"}, "is a symbolic link whose directory leads back to it");
}

TEST_CASE("while a large input is copied, the loop handles other events") {
    support::temporary_directory base;
    weft::os::reactor loop;
    weft::local::machine here(loop, base.path().filename().string());
    fs::create_directory(base.path() / "from");
    std::ofstream(base.path() / "from/big") << std::string(64 << 20, 'x');
    weft::engine::attempt what;
    what.task = "t";
    what.run = "run";
    what.scratch = (base.path() / "t").string();
    what.script = "cmp big ../from/big";
    what.links = {{(base.path() / "from").string(), "big", "big"}};
    what.writable_inputs = true;
    bool went_on = false;  // before the entries after the inputs existed
    const auto alarm = loop.after(std::chrono::milliseconds(1),
                                  [&] { went_on = !fs::exists(base.path() / "t/.weft/command"); });
    CHECK(support::run_async(loop, here.run(what)).ok());
    CHECK(went_on);
}
