// SPDX-License-Identifier: MIT
#include <weft/os/scratch_files.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace os = weft::os;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("private directories and files are for their user only, whatever the umask") {
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

TEST_CASE("a link in the place of a new file is not followed") {
    support::temporary_directory base;
    fs::create_symlink(base.path() / "target", base.path() / "link");
    CHECK_THROWS(os::write_private_file((base.path() / "link").string(), "x"));
    CHECK_FALSE(fs::exists(base.path() / "target"));
}

TEST_CASE("a tree appears elsewhere by hard links, with links replaced by what they name") {
    support::temporary_directory base;
    fs::create_directories(base.path() / "from/deep/empty");
    std::ofstream(base.path() / "from/deep/file") << "x";
    fs::create_symlink("deep/file", base.path() / "from/link");
    os::link_tree((base.path() / "from").string(), (base.path() / "some/where").string());
    CHECK(fs::equivalent(base.path() / "from/deep/file", base.path() / "some/where/deep/file"));
    CHECK(fs::is_empty(base.path() / "some/where/deep/empty"));
    CHECK_FALSE(fs::is_symlink(base.path() / "some/where/link"));
    CHECK(content(base.path() / "some/where/link") == "x");
}

TEST_CASE("another file system gets a copy") {
    support::temporary_directory base;
    struct stat here {};
    struct stat there {};
    if (::stat(base.path().c_str(), &here) != 0 || ::stat("/dev/shm", &there) != 0 ||
        here.st_dev == there.st_dev)
        return;
    std::ofstream(base.path() / "file") << "x";
    fs::permissions(base.path() / "file", fs::perms(0750));
    const fs::path copy = "/dev/shm/weft-test-" + std::to_string(::getpid());
    os::link_tree((base.path() / "file").string(), copy.string());
    CHECK(content(copy) == "x");
    CHECK(fs::status(copy).permissions() == fs::perms(0750));
    fs::remove(copy);
}

TEST_CASE("globs match per component, in byte order, and no leading dots") {
    support::temporary_directory base;
    for (const char* path : {"b.nc", "a.nc", ".hidden.nc", "sub/c.nc", "sub/.d.nc", "x y.nc", "[z].nc"}) {
        fs::create_directories((base.path() / path).parent_path());
        std::ofstream(base.path() / path) << "";
    }
    const auto match = [&](const char* pattern) { return os::match_glob(base.path().string(), pattern); };
    using paths = std::vector<std::string>;
    CHECK(match("*.nc") == paths{"[z].nc", "a.nc", "b.nc", "x y.nc"});
    CHECK(match("*/*.nc") == paths{"sub/c.nc"});
    CHECK(match("?.nc") == paths{"a.nc", "b.nc"});
    CHECK(match("[ab].nc") == paths{"a.nc", "b.nc"});
    CHECK(match("sub/*") == paths{"sub/c.nc"});
    CHECK(match("nothing*").empty());
}

TEST_CASE("a tree that its user made read-only is removed all the same, and links are not followed") {
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
