// SPDX-License-Identifier: MIT
#include <weft/os/replace_files.hpp>
#include <weft/os/scratch_files.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/fsuid.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace fs = std::filesystem;
using weft::os::replace_files;

namespace {

/// While it lives, this thread has only the file permissions of an ordinary user.
class ordinary_user {
public:
    explicit ordinary_user(const fs::path& home) {
        constexpr uid_t nobody = 65534;
        if (::geteuid() != 0) return;
        REQUIRE(::chown(home.c_str(), nobody, nobody) == 0);
        group_ = ::setfsgid(nobody);
        user_ = ::setfsuid(nobody);
    }
    ordinary_user(const ordinary_user&) = delete;
    ordinary_user& operator=(const ordinary_user&) = delete;
    ~ordinary_user() {
        if (::geteuid() != 0) return;
        ::setfsuid(static_cast<uid_t>(user_));
        ::setfsgid(static_cast<gid_t>(group_));
    }

private:
    int user_ = 0;
    int group_ = 0;
};

/// Moves from `new/` to `results/`.
struct bench {
    support::temporary_directory base;
    ordinary_user user{base.path()};

    void file(const std::string& path, const std::string& text) const {
        fs::create_directories((base.path() / path).parent_path());
        std::ofstream(base.path() / path) << text;
    }
    void close_to_writing(const std::string& path) const {
        fs::permissions(base.path() / path, fs::perms::owner_read | fs::perms::owner_exec);
    }
    fs::perms mode(const std::string& path) const { return fs::status(base.path() / path).permissions(); }
    std::string content(const std::string& path) const {
        std::ostringstream text;
        text << std::ifstream(base.path() / path).rdbuf();
        return text.str();
    }
    bool is_there(const std::string& path) const {
        return fs::exists(fs::symlink_status(base.path() / path));
    }
    std::string at(const std::string& path) const { return (base.path() / path).string(); }

    void replace(const std::vector<std::string>& paths, const std::vector<std::string>& stale = {}) const {
        std::vector<weft::os::path_below> arrived;
        for (const std::string& path : paths) arrived.push_back({at("new"), path});
        replace_files(arrived, at("results"), stale, at("trash"));
    }
};

}  // namespace

TEST_CASE("an arrived entry replaces an existing one of any type") {
    bench b;
    b.file("new/file", "new"), b.file("results/file", "old");
    b.file("new/directory/a", "new"), b.file("results/directory/b", "old");
    b.file("new/was_directory", "new"), b.file("results/was_directory/b", "old");
    b.file("new/was_file/a", "new"), b.file("results/was_file", "old");
    b.file("new/deep/er/a", "new"), b.file("results/deep/er/other", "kept");
    fs::create_symlink("nowhere", b.base.path() / "results/dangling");
    b.file("new/dangling", "new");
    b.replace({"file", "directory", "was_directory", "was_file", "deep/er/a", "dangling"});
    for (const char* path : {"file", "directory/a", "was_directory", "was_file/a", "deep/er/a", "dangling"})
        CHECK(b.content(std::string("results/") + path) == "new");
    CHECK_FALSE(b.is_there("results/directory/b"));
    CHECK(b.content("results/deep/er/other") == "kept");
}

TEST_CASE("stale entries are removed, all others stay") {
    bench b;
    b.file("new/a.txt", "new");
    b.file("results/a.txt", "old"), b.file("results/b.txt", "old"), b.file("results/d/c.txt", "old");
    b.file("results/notes", "mine");
    b.replace({"a.txt"}, {"b.txt", "d"});
    CHECK(b.content("results/a.txt") == "new");
    CHECK_FALSE(b.is_there("results/b.txt"));
    CHECK_FALSE(b.is_there("results/d"));
    CHECK(b.content("results/notes") == "mine");
}

TEST_CASE("directories without write permission are moved, and keep their modes") {
    bench b;
    b.file("new/out/c", "new");
    b.close_to_writing("new/out");
    SECTION("without an existing target") {}
    SECTION("in place of an existing one") {
        b.file("results/out/c", "old");
        b.close_to_writing("results/out");
    }
    SECTION("beside a stale one") {
        b.file("results/old/c", "old");
        b.close_to_writing("results/old");
    }
    const bool stale = b.is_there("results/old");
    b.replace({"out"}, stale ? std::vector<std::string>{"old"} : std::vector<std::string>{});
    CHECK(b.content("results/out/c") == "new");
    CHECK(b.mode("results/out") == (fs::perms::owner_read | fs::perms::owner_exec));
    CHECK_FALSE(b.is_there("results/old"));
    weft::os::remove_tree(b.at("trash"));
    weft::os::remove_tree(b.at("new"));
    CHECK_FALSE(b.is_there("new"));
    weft::os::remove_tree(b.at("results"));
}

TEST_CASE("a file in a directory without write permission is replaced, and the directory keeps its mode") {
    bench b;
    b.file("results/out/c", "old");
    b.close_to_writing("results/out");
    b.file("new/out/c", "new"), b.file("new/out/deeper/c", "new");
    b.replace({"out/c", "out/deeper/c"});
    CHECK(b.content("results/out/c") == "new");
    CHECK(b.content("results/out/deeper/c") == "new");
    CHECK(b.mode("results/out") == (fs::perms::owner_read | fs::perms::owner_exec));
    fs::permissions(b.base.path() / "results/out", fs::perms::owner_all);
}

TEST_CASE("an obstacle in the place of the results is an error that names it") {
    bench b;
    b.file("new/f", "new");
    SECTION("a file") {
        b.file("results", "x");
    }
    SECTION("a dangling link") {
        fs::create_symlink("nowhere", b.base.path() / "results");
    }
    CHECK_THROWS_WITH(b.replace({"f"}), Catch::Contains("'" + b.at("results") + "'"));
    CHECK(b.content("new/f") == "new");
}

TEST_CASE("a path that did not arrive is an error that names it") {
    bench b;
    b.file("new/f", "new");
    CHECK_THROWS_WITH(b.replace({"f", "g"}), "'g' did not arrive");
}
