// SPDX-License-Identifier: MIT
#include <weft/local/machine.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/transfer/archive_stager.hpp>

#include "support/content.hpp"
#include "support/run_async.hpp"
#include "support/temporary_directory.hpp"
#include "support/transfer_bench.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    REQUIRE(fs::is_regular_file(file));
    return support::content(file);
}

struct bench : support::transfer_bench {
    bench() : transfer_bench("the source", "a/b/it's there") {}
    void copy(std::vector<std::string> paths, std::stop_token stop = {}) {
        support::run_async(loop, stager.copy(here, from.string(), std::move(paths), here, to.string(), stop));
    }
    /// Receives a stream from any sender.
    weft::engine::digest receive(const std::string& bytes) {
        const auto through = std::make_shared<weft::os::memory_pipe>();
        weft::os::pipe_writer sink(through);
        weft::os::pipe_reader source(through);
        std::jthread sender([&] {
            (void)sink.write(bytes);
            sink.close();
        });
        return support::run_async(loop, here.receive(to.string(), std::move(source)));
    }

    /// Whether a failure left nothing behind.
    bool nothing_arrived() const {
        return !fs::exists(to) && !fs::exists(to.string() + ".part") &&
               !fs::exists(to.string() + ".part.work");
    }
};

}  // namespace

TEST_CASE("files arrive whole, with their modes, under any name") {
    bench b;
    const std::vector<std::string> names = {"plain", "a b",   "it's", "say \"x\"", "new\nline",
                                            "-rf",   "$HOME", "grün", "`x`*",      "tab\t"};
    for (const auto& name : names) b.write(name, "content of " + name);
    b.write("empty", "");
    fs::permissions(b.from / "plain", fs::perms(0751));
    auto paths = names;
    paths.emplace_back("empty");
    b.copy(paths);
    for (const auto& name : names) CHECK(content(b.to / name) == "content of " + name);
    CHECK(fs::is_empty(b.to / "empty"));
    CHECK(fs::status(b.to / "plain").permissions() == fs::perms(0751));
    CHECK(fs::status(b.to).permissions() == fs::perms(0700));
    CHECK_FALSE(fs::exists(b.to.string() + ".part"));
}

TEST_CASE("a path in a subdirectory arrives there, without its siblings") {
    bench b;
    fs::create_directories(b.from / "output/deep");
    b.write("output/deep/f1", "1");
    b.write("output/f2", "2");
    b.copy({"output/deep/f1"});
    CHECK(content(b.to / "output/deep/f1") == "1");
    CHECK_FALSE(fs::exists(b.to / "output/f2"));
}

TEST_CASE("thousands of files are sent in one stream") {
    bench b;
    std::vector<std::string> names;
    for (int i = 0; i < 5000; ++i) {
        names.push_back("a file with a rather long name, number " + std::to_string(i));
        b.write(names.back(), std::to_string(i));
    }
    b.copy(names);
    for (int i = 0; i < 5000; ++i)
        REQUIRE(content(b.to / names[static_cast<std::size_t>(i)]) == std::to_string(i));
}

TEST_CASE("a link is followed within its directory and rejected when it leads out") {
    bench b;
    fs::create_directories(b.from / "real");
    b.write("real/file", "x");
    fs::create_symlink("real/file", b.from / "inside");
    fs::create_directory_symlink("real", b.from / "dir");
    fs::create_symlink("/etc/passwd", b.from / "outside");
    fs::create_symlink("/no/where", b.from / "dangling");
    fs::create_directory(b.from / "holds");
    fs::create_symlink("../../../etc/passwd", b.from / "holds/it");
    SECTION("within the directory") {
        b.copy({"inside", "dir/file", "dir"});
        CHECK(content(b.to / "inside") == "x");
        CHECK(content(b.to / "dir/file") == "x");
        CHECK_FALSE(fs::is_symlink(b.to / "inside"));
    }
    for (const char* path : {"outside", "dangling", "holds", "holds/it"}) {
        SECTION(path) {
            CHECK_THROWS_WITH(b.copy({path}), Catch::Contains("is a symbolic link that leads out of it") ||
                                                  Catch::Contains("is a dangling symbolic link"));
            CHECK(b.nothing_arrived());
        }
    }
}

TEST_CASE("a missing file is named, and nothing arrives") {
    bench b;
    b.write("one", "1");
    CHECK_THROWS_WITH(b.copy({"one", "no such"}), "there is no 'no such' in " + b.from.string());
    CHECK(b.nothing_arrived());
}

TEST_CASE("an existing target is not replaced") {
    bench b;
    b.write("one", "1");
    fs::create_directories(b.to);
    CHECK_THROWS_WITH(b.copy({"one"}), Catch::Contains("already exists"));
    CHECK(fs::is_empty(b.to));
}

TEST_CASE("a transfer that is cancelled in the middle leaves nothing behind") {
    bench b;
    REQUIRE(::mkfifo((b.from / "fifo").c_str(), 0600) == 0);
    b.write("big", std::string(64 << 20, 'x'));
    std::stop_source stop;
    b.loop.post([&] { stop.request_stop(); });
    CHECK_THROWS_WITH(b.copy({"big"}, stop.get_token()), "staging was cancelled");
    CHECK(b.nothing_arrived());
}

TEST_CASE("an archive that contains links, or names outside its directory, is rejected") {
    bench b;
    const auto unpack = [&](const std::string& make_archive) {
        const std::string command =
            "cd '" + b.base.path().string() + "' && mkdir -p x && cd x && " + make_archive;
        REQUIRE(std::system(command.c_str()) == 0);
        std::ifstream in(b.base.path() / "x/archive", std::ios::binary);
        const std::string archive(std::istreambuf_iterator<char>(in), {});
        return b.receive("tar\n" + archive);
    };
    SECTION("a link") {
        CHECK_THROWS_WITH(unpack("ln -s /etc/passwd l; tar -cf archive l"), Catch::Contains("neither"));
    }
    SECTION("a device or fifo") {
        CHECK_THROWS_WITH(unpack("mkfifo f; tar -cf archive f"), Catch::Contains("neither"));
    }
    SECTION("a parent") {
        CHECK_THROWS_WITH(unpack("echo > ../evil; tar -cPf archive ../evil; rm ../evil"),
                          Catch::Contains("cannot unpack"));
        CHECK_FALSE(fs::exists(b.to.parent_path() / "evil"));
    }
    SECTION("a truncated archive") {
        CHECK_THROWS_WITH(unpack("head -c 100000 /dev/zero > f; tar -cf - f | head -c 50000 > archive"),
                          Catch::Contains("cannot unpack"));
    }
    SECTION("an empty stream") {
        CHECK_THROWS_WITH(unpack(": > archive"), Catch::Contains("cannot unpack"));
    }
    CHECK(b.nothing_arrived());
}

TEST_CASE("a single file arrives as its header says, and a stream that contradicts its header is rejected") {
    bench b;
    CHECK(b.receive("file 3 751 1000000000 123456789 0 d/a\\0040b\nabc").sha256 ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(content(b.to / "d/a b") == "abc");
    CHECK(fs::status(b.to / "d/a b").permissions() == fs::perms(0751));
    struct stat status {};
    REQUIRE(::stat((b.to / "d/a b").c_str(), &status) == 0);
    CHECK(status.st_mtim.tv_nsec == 123456789);
    fs::remove_all(b.to);
    for (const char* odd :
         {"file 4 600 0 0 0 f\nabc", "file 2 600 0 0 0 f\nabc", "file 3 600 0 0 0 ../f\nabc",
          "file 3 600 0 0 0 a/../../f\nabc", "file 3 600 0 0 0 /tmp/f\nabc", "file 3 600 0 0 0 \nabc",
          "file 3 600 0 0 0 .\nabc", "file x 600 0 0 0 f\nabc", "file 3 600 0 0 0 a\\0000b\nabc",
          "file 3 9 0 0 0 f\nabc", "file 3\nabc", "file 3 600 0 0 4 f\nabc", "file 3 600 0 0 1 f\nbc",
          "file 3 600 0 0 f\nabc", "file 3 600 0 1000000000 0 f\nabc", "file 3 600 0 -1 0 f\nabc", "abc\n",
          "abc", ""}) {
        CAPTURE(odd);
        CHECK_THROWS_AS(b.receive(odd), weft::engine::place_error);
        CHECK(b.nothing_arrived());
    }
    // The set-user-ID bit is dropped.
    b.receive("file 3 4755 0 0 0 f\nabc");
    CHECK(fs::status(b.to / "f").permissions() == fs::perms(0755));
}
