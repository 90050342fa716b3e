// SPDX-License-Identifier: MIT
// What can be staged: the C++ and the sh implementation must agree.
#include <weft/os/link_tree.hpp>
#include <weft/text/shell_quote.hpp>
#include <weft/transfer/tree_check_script.hpp>

#include "support/posix_shells.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct tree_bench {
    support::temporary_directory base;
    fs::path root = base.path() / "a tree";

    tree_bench() { fs::create_directory(root); }

    void file(const std::string& path) const {
        fs::create_directories((root / path).parent_path());
        std::ofstream(root / path) << "x";
    }
    void link(const std::string& path, const std::string& target) const {
        fs::create_directories((root / path).parent_path());
        fs::create_symlink(target, root / path);
    }
    void fifo(const std::string& path) const {
        fs::create_directories((root / path).parent_path());
        REQUIRE(::mkfifo((root / path).c_str(), 0600) == 0);
    }
    void socket(const std::string& path) const {
        fs::create_directories((root / path).parent_path());
        const int number = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        (root / path).string().copy(address.sun_path, sizeof address.sun_path - 1);
        REQUIRE(::bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        ::close(number);
    }

    std::string here(const std::string& path) const {
        try {
            weft::os::require_stageable(root.string(), path);
        } catch (const std::exception& error) {
            return error.what();
        }
        return {};
    }
    std::string in_shell(const std::vector<std::string>& shell, const std::string& path) const {
        const fs::path out = base.path() / "out";
        std::string script(weft::transfer::detail::tree_check);
        script += "LC_ALL=C; weft_odd " + weft::text::quote(root.string()) + ' ' +
                  weft::text::quote("./" + path) + " >" + weft::text::quote(out.string()) + '\n';
        std::vector<std::string> command = shell;
        command.insert(command.end(), {"-c", script});
        support::run_program(command);
        std::ifstream in(out);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }
    void check_same(const std::string& path, const std::string& expected) const {
        CAPTURE(path);
        CHECK(here(path) == expected);
        for (const auto& shell : support::posix_shells) CHECK(in_shell(shell, path) == expected);
    }
    std::string is(const std::string& path, const std::string& what) const {
        return "'" + path + "' in " + root.string() + " is " + what;
    }
};

}  // namespace

TEST_CASE("files, directories and links between them can be staged") {
    const tree_bench b;
    b.file("d/e/f");
    b.file("o/g");
    b.link("d/up", "../o");
    b.link("o/same", "g");
    b.link("in", "d");
    b.link("twice", "d/e");
    for (const char* path : {"d", "d/e/f", "in", "in/up/g", "in/up", "o/same", "twice/f"})
        b.check_same(path, "");
}

TEST_CASE("an entry that cannot be staged is named, alone and in a directory") {
    const tree_bench b;
    b.fifo("pipe/p");
    b.socket("sock/s");
    b.link("gone/l", "nothing");
    b.link("self/l", "l");
    b.link("out/l", "/etc/passwd");
    b.link("near/l", "../../a tree 2");
    fs::create_directory(b.base.path() / "a tree 2");
    b.link("through", "near/l");
    b.link("dev/null", "/dev/null");
    const std::pair<const char*, const char*> table[] = {
        {"pipe/p", "a fifo"},
        {"sock/s", "a socket"},
        {"gone/l", "a dangling symbolic link"},
        {"self/l", "a dangling symbolic link"},
        {"out/l", "a symbolic link that leads out of it"},
        {"near/l", "a symbolic link that leads out of it"},
        {"dev/null", "a symbolic link that leads out of it"},
    };
    for (const auto& [path, what] : table) {
        b.check_same(path, b.is(path, what));
        b.check_same(fs::path(path).parent_path().string(), b.is(path, what));
    }
    b.check_same("through", b.is("through", "a symbolic link that leads out of it"));
    b.check_same("none", "there is no 'none' in " + b.root.string());
    b.link("far", "sock");
    b.check_same("far", b.is("sock/s", "a socket"));
}

TEST_CASE("a link whose directory leads back to it is rejected") {
    const std::string back = "a symbolic link whose directory leads back to it";
    const tree_bench b;
    b.link("d/self", ".");
    b.check_same("d", b.is("d/self", back));
    b.link("e/f/g/up", "../..");
    b.check_same("e", b.is("e/f/g/up", back));
    // Two ways around a cycle: the link that closes it depends on the starting point.
    b.link("x/to", "../y");
    b.link("y/fro", "../x");
    for (const std::string path : {"x", "y", "x/to"}) {
        CHECK_THAT(b.here(path), Catch::EndsWith(back));
        for (const auto& shell : support::posix_shells)
            CHECK_THAT(b.in_shell(shell, path), Catch::EndsWith(back));
    }
}

TEST_CASE("two links of a directory to itself are rejected at once, without trying all paths through them") {
    const tree_bench b;
    for (int i = 0; i < 20; ++i) b.link("d/" + std::to_string(i), ".");
    CHECK_THAT(b.here("d"), Catch::Contains("leads back"));
    for (const auto& shell : support::posix_shells)
        CHECK_THAT(b.in_shell(shell, "d"), Catch::Contains("leads back"));
}

TEST_CASE("links that multiply a directory without a cycle are rejected in time, and others are accepted") {
    const tree_bench b;
    const auto levels = [&b](const std::string& name, int count, int links) {
        for (int level = 0; level < count; ++level)
            for (int link = 0; link < links; ++link)
                b.link(name + '/' + std::to_string(level) + '/' + std::to_string(link),
                       "../" + std::to_string(level + 1));
        b.file(name + '/' + std::to_string(count) + "/file");
    };
    const std::string many = "a directory to which links add more than 100000 others";
    levels("two", 30, 2);
    levels("wide", 5, 30);
    levels("few", 10, 2);
    b.link("inner", "two/0");
    for (const std::string path : {"two/0", "wide", "inner"}) CHECK(b.here(path) == b.is(path, many));
    b.check_same("two", b.is("two", many));  // a shell takes seconds for 100,000 directories
    b.check_same("few", "");
    b.check_same("two/25", "");
}

TEST_CASE("for random trees with links, this machine and hosts agree on what can be staged") {
    const unsigned seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u);
    std::mt19937 random(seed);
    const tree_bench b;
    std::vector<std::string> directories{"a", "b", "c", "a/d", "b/e", "b/e/f"};
    for (const std::string& each : directories) b.file(each + "/file");
    for (int number = 0; number < 4; ++number) {
        const std::string& at = directories[random() % directories.size()];
        const std::string& to = directories[random() % directories.size()];
        b.link(at + "/l" + std::to_string(number), (b.root / to).lexically_relative(b.root / at).string());
    }
    for (const std::string& each : directories) {
        const std::string answer = b.here(each);
        INFO("seed " << seed << ", " << each << ": " << answer);
        for (const auto& shell : support::posix_shells)
            CHECK(b.in_shell(shell, each).empty() == answer.empty());
    }
}
