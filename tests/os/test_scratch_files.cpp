// SPDX-License-Identifier: MIT
#include <weft/os/scratch_files.hpp>

#include "support/content.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace os = weft::os;
namespace fs = std::filesystem;
using support::content;

namespace {}  // namespace

TEST_CASE("private directories and files are accessible to their user only, whatever the umask") {
    support::temporary_directory base;
    const mode_t before = ::umask(0);
    const std::string directory = (base.path() / "a/b c").string();
    os::make_private_directory(directory);
    os::write_private_file(directory + "/file", "text");
    ::umask(before);
    CHECK(fs::status(base.path() / "a").permissions() == fs::perms::owner_all);
    CHECK(fs::status(directory).permissions() == fs::perms::owner_all);
    const auto read_write = fs::perms::owner_read | fs::perms::owner_write;
    CHECK(fs::status(directory + "/file").permissions() == read_write);
    CHECK(content(directory + "/file") == "text");
    CHECK_THROWS_WITH(os::make_private_directory(directory), Catch::Contains("File exists"));
    CHECK_THROWS_WITH(os::write_private_file(directory + "/file", ""), Catch::Contains("File exists"));
}

TEST_CASE("a link in place of a new file is not followed") {
    support::temporary_directory base;
    fs::create_symlink(base.path() / "target", base.path() / "link");
    CHECK_THROWS(os::write_private_file((base.path() / "link").string(), "x"));
    CHECK_FALSE(fs::exists(base.path() / "target"));
}

TEST_CASE("a tree with read-only directories is removed, and links are not followed") {
    support::temporary_directory base;
    fs::create_directories(base.path() / "tree/locked");
    std::ofstream(base.path() / "tree/locked/file") << "x";
    std::ofstream(base.path() / "precious") << "x";
    fs::create_symlink(base.path(), base.path() / "tree/up");
    fs::permissions(base.path() / "tree/locked", fs::perms::owner_read | fs::perms::owner_exec);
    os::remove_tree((base.path() / "tree").string());
    CHECK_FALSE(fs::exists(base.path() / "tree"));
    CHECK(content(base.path() / "precious") == "x");
    os::remove_tree((base.path() / "tree").string());
}

TEST_CASE("the tail of a file is its last bytes") {
    support::temporary_directory base;
    const std::string file = (base.path() / "file").string();
    CHECK(os::read_tail(file, 10).empty());
    std::ofstream(file) << "0123456789abcdef";
    CHECK(os::read_tail(file, 4) == "cdef");
    CHECK(os::read_tail(file, 100) == "0123456789abcdef");
}
