// SPDX-License-Identifier: MIT
// Scratch on a file system whose times have whole seconds (ext3 with small inodes), here and on a host.
#include "support/steps_bench.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace fs = std::filesystem;
using support::content;
using bench = support::steps_bench;
using words = std::vector<std::string>;

namespace {

/// A small file system, mounted while this object lives; needs root.
class coarse_disk {
public:
    explicit coarse_disk(fs::path where) : where_(std::move(where)) {
        fs::create_directories(where_);
        const std::string image = where_.string() + ".image";
        std::ofstream(image) << "";
        fs::resize_file(image, 8u << 20);
        try {
            support::run_program({"mke2fs", "-q", "-F", "-t", "ext3", "-I", "128", image});
            support::run_program({"mount", "-o", "loop", image, where_.string()});
            mounted_ = true;
        } catch (const std::runtime_error&) {
            // Not root, or the tools are missing.
        }
    }
    coarse_disk(const coarse_disk&) = delete;
    coarse_disk& operator=(const coarse_disk&) = delete;
    ~coarse_disk() {
        if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }

private:
    fs::path where_;
    bool mounted_ = false;
};

/// Modifies a file of an attempt within the second in which the attempt ended.
void edit(const fs::path& file, const std::string& text) {
    const fs::path scratch = file.parent_path();
    struct stat end {};
    REQUIRE(::stat((scratch / ".weft/exit").c_str(), &end) == 0);
    REQUIRE(end.st_mtim.tv_nsec == 0);
    std::ofstream(file) << text;
    const timespec times[2]{end.st_mtim, end.st_mtim};
    REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE(
    "where times have whole seconds, an edit in the second of a task's end is detected, here and on a host") {
    bench b;
    const coarse_disk disk(b.home.path() / "scratch");
    if (!disk.mounted()) {
        WARN("skipped: this user may not mount a file system of ext3");
        return;
    }
    b.go();
    REQUIRE(b.begin({"--keep"})->wait().code == 0);
    const fs::path scratch = b.home.path() / "scratch" / b.run();
    const auto explained = [&](words given) {
        given.insert(given.begin(), {"resume", "--explain"});
        const support::ended end = b.tell(std::move(given));
        INFO(end.err);
        CHECK(end.code == 0);
        return end.err;
    };
    CHECK_THAT(explained({"--text", "d"}), Catch::Contains("B: reused: unchanged"));
    edit(scratch / "B/g", "X\nb\n");
    CHECK_THAT(explained({"--text", "e"}), Catch::Contains("A: reused: unchanged") &&
                                               Catch::Contains("B: runs: its files were altered or removed"));
    CHECK(b.result() == "a\nb\ne\n");
    edit(scratch / "A/f", "X\n");
    edit(scratch / "B~2/g", "X\nb\n");
    CHECK_THAT(explained({"--text", "f"}), Catch::Contains("A: runs: its files were altered or removed"));
    CHECK(b.result() == "a\nb\nf\n");
}
