// SPDX-License-Identifier: MIT
// Full and read-only disks under the scratch, the results and the journal: small file systems that the test
// mounts, for which it needs root.
#include <weft/weft.hpp>

#include "support/both_places.hpp"
#include "support/ssh_bench.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace weft;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using support::content;
using support::place;

namespace {

/// A tmpfs of a given size.
class small_disk {
public:
    small_disk(fs::path at, const char* size) : at_(std::move(at)) {
        fs::create_directories(at_);
        mounted_ = ::mount("weft-test", at_.c_str(), "tmpfs", 0, size) == 0;
        if (!mounted_) WARN("skipped: this user may not mount a small tmpfs");
    }
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;
    ~small_disk() {
        if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    bool there() const { return mounted_; }
    void becomes(unsigned long flags, const char* size) const {
        REQUIRE(::mount("weft-test", at_.c_str(), "tmpfs", MS_REMOUNT | flags, size) == 0);
    }

private:
    fs::path at_;
    bool mounted_ = false;
};

struct bench {
    support::sshd server;
    support::temporary_directory base;
    options how;

    bench() {
        how.hosts = {{"edge", server.binding()}};
        how.scratch = (base.path() / "scratch").string();
        how.hosts[0].host.scratch = how.scratch;
        how.results = (base.path() / "results").string();
        how.state = (base.path() / "state").string();
        how.parameters["log"] = (base.path() / "log").string();
    }
};

}  // namespace

TEMPLATE_TEST_CASE_SIG("a full scratch fails the task that fills it, and with room the run can be resumed",
                       "", ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"scratch">(
        host<"edge">, param<"log", std::string>,
        task<"small">(sh<"echo small >> {{log}}; echo x > f">) | place<Remote>(),
        task<"large">(sh<"head -c 3M /dev/zero > g; cat workflow:///small/f">) | place<Remote>());
    bench b;
    const small_disk disk(b.how.scratch, "size=1m");
    if (!disk.there()) return;
    const report full = run(flow, b.how);
    CHECK(full["small"].status == task_state::finished);
    CHECK(full["large"].exit_code == 1);
    INFO(full["large"].reason << full["large"].stderr_tail);
    // The task's own message about it may find no room either.
    CHECK((full["large"].reason == "exit code 1; the disk of its scratch is full" ||
           full["large"].stderr_tail.find("No space left on device") != std::string::npos));
    // Nothing can be written there now: the next attempt fails before it starts, and names the reason.
    b.how.resume = full.run;
    const report fuller = run(flow, b.how);
    CHECK(fuller["large"].status == task_state::failed);
    INFO(fuller["large"].reason << fuller["large"].stderr_tail);
    disk.becomes(0, "size=16m");
    const report end = run(flow, b.how);
    CHECK(end.ok());
    CHECK(content(b.base.path() / "log") == "small\n");
}

TEMPLATE_TEST_CASE_SIG("a task that writes to a stream by name on a full disk fails and does not hang", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow = workflow<"full-stream">(
        host<"edge">, task<"A">(sh<"head -c 3M /dev/zero > /dev/stdout">) | timeout(20s) | place<Remote>());
    bench b;
    const small_disk disk(b.how.scratch, "size=1m");
    if (!disk.there()) return;
    b.how.parameters.clear();
    const report full = run(flow, b.how);
    CHECK(full["A"].status == task_state::failed);
    INFO(full["A"].reason << full["A"].stderr_tail);
    CHECK((full["A"].reason.find("the disk of its scratch is full") != std::string::npos ||
           full["A"].stderr_tail.find("No space left on device") != std::string::npos));
}

TEMPLATE_TEST_CASE_SIG(
    "with a scratch that is full to the last byte a task does not start, and the reason is named", "",
    ((bool Remote), Remote), false, true) {
    constexpr auto flow =
        workflow<"last-byte">(host<"edge">, param<"log", std::string>,
                              task<"A">(sh<"echo A >> {{log}}">) | env<"LONG">("x") | place<Remote>());
    bench b;
    const small_disk disk(b.how.scratch, "size=64k");
    if (!disk.there()) return;
    {
        std::ofstream filler(fs::path(b.how.scratch) / "filler");
        for (int i = 0; i < 100 && filler; ++i) filler << std::string(4096, 'x') << std::flush;
    }
    const report full = run(flow, b.how);
    CHECK(full["A"].status == task_state::failed);
    CHECK_THAT(full["A"].reason,
               Catch::Contains("No space left on device") || Catch::Contains("cannot write to /"));
    CHECK_FALSE(fs::exists(b.base.path() / "log"));
    fs::remove(fs::path(b.how.scratch) / "filler");
    b.how.resume = full.run;
    CHECK(run(flow, b.how).ok());
}

TEMPLATE_TEST_CASE_SIG("a scratch without free inodes is named as the reason", "", ((bool Remote), Remote),
                       false, true) {
    constexpr auto flow = workflow<"inodes">(
        host<"edge">, param<"log", std::string>,
        task<"A">(sh<"i=0; while (: >../f$i) 2>/dev/null; do i=$((i + 1)); done; rm ../f0">) |
            place<Remote>(),
        task<"B">(sh<"true">) | after<"A"> | place<Remote>());
    bench b;
    const small_disk disk(b.how.scratch, "size=1m,nr_inodes=64");
    if (!disk.there()) return;
    const report later = run(flow, b.how);
    INFO(later["A"].reason);
    CHECK(later["A"].status == task_state::finished);
    CHECK_THAT(later["B"].reason, Catch::Contains("No space left on device"));
}

TEST_CASE("a host whose scratch base has no free inodes is rejected with that reason") {
    support::ssh_bench b;
    const small_disk disk(b.base.path() / "disk", "size=1m,nr_inodes=8");
    if (!disk.there()) return;
    b.how.scratch = (b.base.path() / "disk").string();
    for (int i = 0; std::ofstream(b.base.path() / "disk" / std::to_string(i)); ++i) {
    }
    CHECK_THAT(b.refusal(),
               Catch::Contains("cannot be written") && Catch::Contains("No space left on device"));
}

TEMPLATE_TEST_CASE_SIG("results that find no room are collected later, and the task does not run again", "",
                       ((bool Remote), Remote), false, true) {
    constexpr auto flow =
        workflow<"results">(host<"edge">, param<"log", std::string>,
                            task<"A">(sh<"echo A >> {{log}}; head -c 3M /dev/zero > g; echo y > small">) |
                                collect<"small", "g"> | place<Remote>());
    bench b;
    const small_disk disk(b.how.results, "size=1m");
    if (!disk.there()) return;
    const report full = run(flow, b.how);
    CHECK(full["A"].status == task_state::failed);
    CHECK_THAT(full["A"].reason, Catch::StartsWith("it finished, but its outputs could not be collected: ") &&
                                     Catch::Contains("No space left on device"));
    CHECK_FALSE(fs::exists(fs::path(b.how.results) / "A/g"));
    b.how.resume = full.run;
    CHECK_FALSE(run(flow, b.how).ok());  // the disk is still full
    disk.becomes(0, "size=16m");
    const report end = run(flow, b.how);
    INFO(end["A"].reason);
    CHECK(end.ok());
    CHECK(fs::file_size(fs::path(b.how.results) / "A/g") == 3u << 20);
    CHECK(content(fs::path(b.how.results) / "A/small") == "y\n");
    CHECK(content(b.base.path() / "log") == "A\n");
    for (const auto& left : fs::directory_iterator(b.how.results)) CHECK(left.path().filename() == "A");
}

TEST_CASE("with a state directory on a disk that may only be read, neither run nor resume starts a task") {
    constexpr auto flow = workflow<"read-only">(host<"edge">, param<"log", std::string>,
                                                task<"A">(sh<"echo A >> {{log}}; exit 3">));
    bench b;
    const small_disk disk(b.how.state, "size=1m");
    if (!disk.there()) return;
    const report first = run(flow, b.how);
    CHECK(first["A"].exit_code == 3);
    disk.becomes(MS_RDONLY, "size=1m");
    CHECK_THROWS_WITH(run(flow, b.how), Catch::Contains("Read-only file system"));
    b.how.resume = first.run;
    CHECK_THROWS_WITH(run(flow, b.how), Catch::Contains("Read-only file system"));
    CHECK(content(b.base.path() / "log") == "A\n");
}
