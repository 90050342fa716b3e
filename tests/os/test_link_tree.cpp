// SPDX-License-Identifier: MIT
#include <weft/os/link_tree.hpp>

#include "support/content.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace os = weft::os;
namespace fs = std::filesystem;
using support::content;

namespace {

void write(const fs::path& file, const std::string& text, std::ios::openmode how = std::ios::trunc) {
    std::ofstream(file, how) << text;
}

}  // namespace

TEST_CASE("a tree is linked elsewhere by hard links, with symbolic links replaced by their targets") {
    support::temporary_directory base;
    fs::create_directories(base.path() / "from/deep/empty");
    std::ofstream(base.path() / "from/deep/file") << "x";
    fs::create_symlink("deep/file", base.path() / "from/link");
    std::vector<os::linked_file> linked;
    os::link_tree((base.path() / "from").string(), (base.path() / "some/where").string(), linked);
    CHECK(linked.size() == 2);
    CHECK(fs::equivalent(base.path() / "from/deep/file", base.path() / "some/where/deep/file"));
    CHECK(fs::is_empty(base.path() / "some/where/deep/empty"));
    CHECK_FALSE(fs::is_symlink(base.path() / "some/where/link"));
    CHECK(content(base.path() / "some/where/link") == "x");
}

TEST_CASE("directories keep their modes and times, and those of a copy are writable") {
    const bool copies = GENERATE(false, true);
    support::temporary_directory base;
    const fs::path from = base.path() / "from";
    const fs::path to = base.path() / "to";
    fs::create_directories(from / "sealed");
    write(from / "sealed/file", "x");
    fs::permissions(from / "sealed", fs::perms(0551));
    fs::permissions(from, fs::perms(0700));
    for (const fs::path& each : {from / "sealed", from}) {
        const struct timespec times[2] = {{1, 2}, {1234567890, 123456789}};
        REQUIRE(::utimensat(AT_FDCWD, each.c_str(), times, 0) == 0);
    }
    // Twice, as for an input that a glob names too.
    for (int time = 0; time < 2; ++time) {
        std::vector<os::linked_file> linked;
        if (copies)
            os::copy_tree(from.string(), to.string());
        else
            os::link_tree(from.string(), to.string(), linked);
    }
    CHECK(content(to / "sealed/file") == "x");
    CHECK(fs::status(to / "sealed").permissions() == fs::perms(copies ? 0751 : 0551));
    CHECK(fs::status(to).permissions() == fs::perms(0700));
    CHECK(fs::last_write_time(to / "sealed") == fs::last_write_time(from / "sealed"));
    CHECK(fs::last_write_time(to) == fs::last_write_time(from));
}

TEST_CASE("a tree on another file system is copied") {
    support::temporary_directory base;
    struct stat here {};
    struct stat there {};
    if (::stat(base.path().c_str(), &here) != 0 || ::stat("/dev/shm", &there) != 0 ||
        here.st_dev == there.st_dev)
        return;
    std::ofstream(base.path() / "file") << "x";
    fs::permissions(base.path() / "file", fs::perms(0750));
    const fs::path copy = "/dev/shm/weft-test-" + std::to_string(::getpid());
    std::vector<os::linked_file> linked;
    os::link_tree((base.path() / "file").string(), copy.string(), linked);
    CHECK(linked.empty());
    CHECK(content(copy) == "x");
    CHECK(fs::status(copy).permissions() == fs::perms(0750));
    fs::remove(copy);
}

TEST_CASE("a linked file is read-only under both names, unless it had another name before") {
    support::temporary_directory base;
    write(base.path() / "own", "x");
    write(base.path() / "program", "x");
    fs::permissions(base.path() / "program", fs::perms(0755));
    write(base.path() / "shared", "x");
    fs::create_hard_link(base.path() / "shared", base.path() / "also");
    fs::create_directory(base.path() / "to");
    std::vector<os::linked_file> linked;
    for (const char* name : {"own", "program", "shared"})
        CHECK(os::link_file((base.path() / name).string(), (base.path() / "to" / name).string(), linked));
    CHECK((fs::status(base.path() / "own").permissions() & fs::perms(0222)) == fs::perms::none);
    CHECK(fs::status(base.path() / "to/program").permissions() == fs::perms(0555));
    CHECK((fs::status(base.path() / "also").permissions() & fs::perms::owner_write) != fs::perms::none);
}

TEST_CASE("a file that was written to under any of its names counts as altered") {
    support::temporary_directory base;
    fs::create_directory(base.path() / "from");
    for (const char* name : {"a", "b", "c"}) write(base.path() / "from" / name, "xy");
    std::vector<os::linked_file> linked;
    os::link_tree((base.path() / "from").string(), (base.path() / "to").string(), linked);
    CHECK(os::find_altered(linked) == nullptr);
    fs::permissions(base.path() / "to/b", fs::perms(0600));
    CHECK(os::find_altered(linked) == nullptr);
    SECTION("longer") {
        write(base.path() / "to/b", "more", std::ios::app);
    }
    SECTION("shorter") {
        fs::resize_file(base.path() / "to/b", 1);
    }
    SECTION("the same length, later") {
        fs::last_write_time(base.path() / "to/b", fs::file_time_type::clock::now());
    }
    SECTION("removed") {
        fs::remove(base.path() / "from/b");
    }
    REQUIRE(os::find_altered(linked) != nullptr);
    CHECK(os::find_altered(linked)->path == (base.path() / "from/b").string());
}

TEST_CASE("a new file in place of a link does not count as altered") {
    support::temporary_directory base;
    write(base.path() / "from", "x");
    std::vector<os::linked_file> linked;
    os::link_tree((base.path() / "from").string(), (base.path() / "to").string(), linked);
    fs::remove(base.path() / "to");
    write(base.path() / "to", "other");
    CHECK(os::find_altered(linked) == nullptr);
    CHECK(content(base.path() / "from") == "x");
}

TEST_CASE("copies are private and writable, and keep their times and other mode bits") {
    support::temporary_directory base;
    fs::create_directories(base.path() / "from/deep");
    write(base.path() / "from/deep/file", "x");
    fs::permissions(base.path() / "from/deep/file", fs::perms(0550));
    os::copy_tree((base.path() / "from").string(), (base.path() / "to").string());
    CHECK(fs::status(base.path() / "to/deep/file").permissions() == fs::perms(0750));
    CHECK(fs::last_write_time(base.path() / "to/deep/file") ==
          fs::last_write_time(base.path() / "from/deep/file"));
    CHECK_FALSE(fs::equivalent(base.path() / "to/deep/file", base.path() / "from/deep/file"));
    write(base.path() / "to/deep/file", "y", std::ios::app);
    CHECK(content(base.path() / "to/deep/file") == "xy");
    CHECK(content(base.path() / "from/deep/file") == "x");
}
