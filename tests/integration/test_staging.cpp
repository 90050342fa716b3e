// SPDX-License-Identifier: MIT
#include <weft/weft.hpp>

#include "support/content.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace weft;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    REQUIRE(fs::is_regular_file(file));
    return support::content(file);
}

/// Two servers of this machine as the hosts `edge` and `other`, with scratch in a directory with a space in
/// its name.
struct two_hosts {
    support::sshd edge, other;
    support::temporary_directory base;
    options how;

    /// Binds the hosts that a workflow declares: one or both.
    explicit two_hosts(int count) {
        const fs::path root = base.path() / "a b";
        for (const char* name : {"here", "edge", "other"}) fs::create_directories(root / name);
        ssh_host first = edge.binding();
        ssh_host second = other.binding();
        first.scratch = (root / "edge").string();
        second.scratch = (root / "other").string();
        how.hosts = {{"edge", first}};
        if (count == 2) how.hosts.push_back({"other", second});
        how.scratch = (root / "here").string();
        how.results = (base.path() / "results").string();
    }

    /// The contents of `path` in a finished task's scratch, whatever its host: all of them are this machine.
    std::string left(const report& result, const char* task, const std::string& path) const {
        return content(fs::path(result[task].scratch) / path);
    }
};

void require_ok(const report& result) {
    for (const task_report& task : result.tasks) {
        INFO(task.name << ": " << task.reason << "\n" << task.stderr_tail);
        CHECK(task.status == task_state::finished);
    }
    REQUIRE(result.ok());
}

}  // namespace

TEST_CASE("files move in all four directions and within a place, unchanged") {
    constexpr auto flow = workflow<"directions">(
        host<"edge">, host<"other">,
        task<"make">(sh<"head -c 3000000 /dev/urandom > data; sha256sum < data > sum">),
        task<"here">(
            sh<"cp workflow:///make/data data; cp workflow:///make/sum sum; sha256sum < data | cmp - sum">),
        task<"up">(
            sh<"cp workflow:///here/data data; cp workflow:///here/sum sum; sha256sum < data | cmp - sum">) |
            on<"edge">,
        task<"same">(
            sh<"cp workflow:///up/data data; cp workflow:///up/sum sum; sha256sum < data | cmp - sum">) |
            on<"edge">,
        task<"across">(
            sh<"cp workflow:///same/data data; cp workflow:///same/sum sum; sha256sum < data | cmp - sum">) |
            on<"other">,
        task<"down">(sh<"cp workflow:///across/data data; cp workflow:///across/sum sum; sha256sum < data | "
                        "cmp - sum">));
    two_hosts hosts(2);
    const report result = run(flow, hosts.how);
    require_ok(result);
    CHECK(hosts.left(result, "down", "sum").size() > 64);
    // Only the last task's directory is left, on its own place.
    CHECK(fs::exists(result["down"].scratch));
    for (const char* gone : {"make", "here", "up", "same", "across"})
        CHECK_FALSE(fs::exists(result[gone].scratch));
    CHECK(fs::is_empty(hosts.base.path() / "a b/edge"));
    CHECK(fs::is_empty(hosts.base.path() / "a b/other"));
}

TEST_CASE("names with spaces, quotes, newlines, a leading dash, a dollar and UTF-8 survive every direction") {
    constexpr auto flow = workflow<"hostile">(
        host<"edge">, host<"other">, task<"make">(sh<R"sh(mkdir d; cd d
            echo 1 > 'a b'; echo 2 > "it's"; echo 3 > 'say "x"'; printf '4\n' > "$(printf 'new\nline')"
            echo 5 > ./-rf; echo 6 > '$HOME'; echo 7 > 'grün 🧵'; echo 8 > '*'; echo 9 > 'a;b|c&d')sh">),
        task<"one">(
            sh<R"sh(cat workflow:///make/d/a%20b "workflow:///make/d/it%27s" workflow:///make/d/say%20%22x%22 \
            workflow:///make/d/new%0Aline workflow:///make/d/-rf 'workflow:///make/d/$HOME' > got
            printf '1\n2\n3\n4\n5\n6\n' | cmp - got; cp -R workflow:///make/d d)sh">) |
            on<"edge">,
        task<"two">(sh<"ls workflow:///one/d | wc -l > count; cp -R workflow:///one/d d; cat "
                       "workflow:///one/d/* > all">) |
            on<"other">,
        task<"three">(sh<"cp -R workflow:///two/d d; cat d/*; test $(ls -A d | wc -l) = 9 -o $(ls -A d | wc "
                         "-l) = 10">));
    two_hosts hosts(2);
    const report result = run(flow, hosts.how);
    require_ok(result);
    const fs::path d = fs::path(result["three"].scratch) / "d";
    CHECK(content(d / "a b") == "1\n");
    CHECK(content(d / "it's") == "2\n");
    CHECK(content(d / "say \"x\"") == "3\n");
    CHECK(content(d / "new\nline") == "4\n");
    CHECK(content(d / "-rf") == "5\n");
    CHECK(content(d / "$HOME") == "6\n");
    CHECK(content(d / "grün 🧵") == "7\n");
    CHECK(content(d / "*") == "8\n");
    CHECK(content(d / "a;b|c&d") == "9\n");
}

TEST_CASE("a large file, an empty file and modes arrive unchanged") {
    constexpr auto flow = workflow<"sizes">(
        host<"edge">,
        task<"make">(sh<"head -c 200M /dev/urandom > big; : > empty; echo x > script; chmod 750 script; "
                        "sha256sum big > sum">),
        task<"up">(sh<R"sh(cd "$(dirname workflow:///make/big)"; sha256sum -c workflow:///make/sum
            test ! -s workflow:///make/empty; test $(stat -c %a workflow:///make/script | tr 7 5) = 550
            cd ~-; ln workflow:///make/big big; ln workflow:///make/sum sum; cp -p workflow:///make/script script)sh">) |
            on<"edge">,
        task<"down">(sh<R"sh(cp workflow:///up/big workflow:///up/sum .; sha256sum -c sum
            test $(stat -c %a workflow:///up/script | tr 7 5) = 550)sh">));
    two_hosts hosts(1);
    require_ok(run(flow, hosts.how));
}

TEST_CASE("directory trees and globs are staged whole, and only what matches") {
    constexpr auto flow = workflow<"trees">(
        host<"edge">,
        task<"make">(sh<"mkdir -p tree/x/y tree/empty; echo 1 > tree/x/y/1; echo 2 > tree/2; "
                        "for i in $(seq 300); do echo $i > part.$i; done; echo no > other">),
        task<"up">(
            sh<"cat workflow:///make/part.* | wc -l > count; cat 'workflow:///make/tree/2'; "
               "test -d workflow:///make/tree/empty; cp -R workflow:///make/tree tree; "
               "test ! -e .weft/inputs/trees/make/other; set -- workflow:///make/part.*; test $# = 300">) |
            on<"edge">,
        task<"down">(sh<"cat workflow:///up/count; cat workflow:///up/tree/x/y/*">));
    two_hosts hosts(1);
    const report result = run(flow, hosts.how);
    require_ok(result);
    CHECK(hosts.left(result, "down", ".weft/stdout") == "300\n1\n");
}

TEST_CASE("a glob without a match fails the task with a message that names it") {
    constexpr auto flow = workflow<"nothing">(host<"edge">, task<"make">(sh<"echo > a.txt">),
                                              task<"here">(sh<"cat workflow:///make/*.nc">),
                                              task<"there">(sh<"cat workflow:///make/*.nc">) | on<"edge">);
    two_hosts hosts(1);
    const report result = run(flow, hosts.how);
    for (const char* name : {"here", "there"}) {
        CHECK(result[name].status == task_state::failed);
        CHECK_THAT(result[name].reason, Catch::Contains("make left nothing that matches '*.nc' in "));
    }
}

TEST_CASE("a file that its producer did not make fails the task with a message that names both") {
    constexpr auto flow =
        workflow<"missing">(host<"edge">, host<"other">, task<"make">(sh<"true">) | on<"edge">,
                            task<"same">(sh<"cat workflow:///make/no.txt">) | on<"edge">,
                            task<"down">(sh<"cat workflow:///make/no.txt">),
                            task<"across">(sh<"cat workflow:///make/no.txt">) | on<"other">);
    two_hosts hosts(2);
    const report result = run(flow, hosts.how);
    for (const char* name : {"same", "down", "across"}) {
        INFO(name << ": " << result[name].reason);
        CHECK(result[name].status == task_state::failed);
        CHECK_THAT(result[name].reason, Catch::Contains("no.txt") && Catch::Contains("make"));
        // The other end's error is only a consequence.
        CHECK_THAT(result[name].reason, !Catch::Contains("arrived") && !Catch::Contains("stream"));
    }
}

TEST_CASE("a symbolic link is followed within its task's directory and rejected when it leads out") {
    constexpr auto flow = workflow<"links">(
        host<"edge">,
        task<"make">(sh<"mkdir real; echo content > real/file; ln -s real/file inside; ln -s real dir; "
                        "ln -s /etc/passwd outside; mkdir holds; ln -s /etc/passwd holds/outside">),
        task<"good">(sh<"cat workflow:///make/inside workflow:///make/dir/file">) | on<"edge">,
        task<"bad">(sh<"cat workflow:///make/outside">) | on<"edge">,
        task<"worse">(sh<"cat workflow:///make/holds/outside">) | on<"edge">,
        task<"worst">(sh<"cat workflow:///make/holds/*">), task<"here">(sh<"cat workflow:///make/outside">));
    two_hosts hosts(1);
    const report result = run(flow, hosts.how);
    CHECK(result["good"].status == task_state::finished);
    for (const char* name : {"bad", "worse", "worst", "here"}) {
        INFO(name << ": " << result[name].reason);
        CHECK(result[name].status == task_state::failed);
        CHECK_THAT(result[name].reason, Catch::Contains("symbolic link"));
        CHECK_THAT(result[name].reason, !Catch::Contains("arrived") && !Catch::Contains("stream"));
    }
}

TEST_CASE("files of this machine are staged in next to the task, as copies") {
    support::temporary_directory project;
    fs::create_directories(project.path() / "data");
    std::ofstream(project.path() / "data/in put.txt") << "mine\n";
    constexpr auto flow = workflow<"inputs">(
        host<"edge">,
        task<"here">(sh<"echo changed >> 'data/in put.txt'">) | inputs<"data/in put.txt"> | writable_inputs,
        task<"there">(sh<"cat data/*.txt > out">) | inputs<"data/*.txt"> | on<"edge">);
    two_hosts hosts(1);
    const fs::path before = fs::current_path();
    fs::current_path(project.path());
    const report result = run(flow, hosts.how);
    fs::current_path(before);
    require_ok(result);
    CHECK(hosts.left(result, "there", "out") == "mine\n");
    CHECK(content(project.path() / "data/in put.txt") == "mine\n");
}

TEST_CASE("outputs are collected from here and from a host, and replace those of an earlier run") {
    constexpr auto flow = workflow<"home">(
        host<"edge">,
        task<"A">(sh<"mkdir d; echo 1 > d/x; date +%N > f">) | collect<"d"> | collect<"f"> | on<"edge">,
        task<"B">(sh<"cp workflow:///A/f f3.txt">) | collect<"f3.txt">);
    two_hosts hosts(1);
    for (int time = 0; time < 2; ++time) {
        const report result = run(flow, hosts.how);
        require_ok(result);
        const fs::path home = hosts.how.results;
        CHECK(content(home / "A/d/x") == "1\n");
        CHECK(content(home / "A/f") == content(home / "B/f3.txt"));
        CHECK(content(home / "B/f3.txt") == hosts.left(result, "B", "f3.txt"));
        CHECK(std::distance(fs::directory_iterator(home), {}) == 2);
    }
}
