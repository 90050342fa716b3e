// SPDX-License-Identifier: MIT
// Faults during transfers: only complete files appear under a final name.
#include <weft/local/machine.hpp>
#include <weft/os/memory_pipe.hpp>
#include <weft/transfer/archive_stager.hpp>

#include "support/content.hpp"
#include "support/eventually.hpp"
#include "support/run_async.hpp"
#include "support/temporary_directory.hpp"
#include "support/transfer_bench.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <thread>

namespace fs = std::filesystem;
using support::content;

namespace {

struct bench : support::transfer_bench {
    bench() : transfer_bench("from", "to") {}
    /// The error; "" on success.
    std::string copy(std::vector<std::string> paths) {
        try {
            support::run_async(loop,
                               stager.copy(here, from.string(), std::move(paths), here, to.string(), {}));
        } catch (const weft::engine::place_error& error) {
            return error.what();
        }
        return {};
    }
    /// Sends `paths`, the first of which is larger than the buffers; calls `meanwhile` once the transfer has
    /// started and before it can end.
    std::string send_while(std::vector<std::string> paths, const std::function<void()>& meanwhile) {
        const auto through = std::make_shared<weft::os::memory_pipe>();
        weft::os::pipe_writer sink(through);
        const std::jthread reader([&, source = weft::os::pipe_reader(through)]() mutable {
            // More bytes than a header have arrived, so tar is running.
            support::eventually([&] { return source.bytes().size() >= 10000 || source.complete(); });
            meanwhile();
            for (auto some = source.wait_for_bytes(); !some.empty(); some = source.wait_for_bytes())
                source.used(some.size());
        });
        try {
            support::run_async(loop, here.send(from.string(), std::move(paths), {}, std::move(sink)));
        } catch (const weft::engine::place_error& error) {
            return error.what();
        }
        return {};
    }
    std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(base.path()), {}));
    }
};

/// Puts an `openssl` into the PATH that computes a wrong digest: the first time, or every odd time.
class lying_openssl {
public:
    lying_openssl(const fs::path& directory, bool once) : before_(std::getenv("PATH")) {
        fs::create_directories(directory / "count");
        std::ofstream(directory / "openssl")
            << "#!/bin/sh\nn=1; while ! mkdir '" << directory.string()
            << "'/count/$n 2>/dev/null; do n=$((n + 1)); done\nsum=$(sha256sum | cut -c1-64)\n"
            << (once ? "[ $n = 1 ]" : "[ $((n % 2)) = 1 ]")
            << " && sum=$(echo $sum | tr 0-9a-f 1-9a-f0)\necho $sum\n";
        fs::permissions(directory / "openssl", fs::perms::owner_all);
        ::setenv("PATH", (directory.string() + ':' + before_).c_str(), 1);
    }
    lying_openssl(const lying_openssl&) = delete;
    lying_openssl& operator=(const lying_openssl&) = delete;
    ~lying_openssl() { ::setenv("PATH", before_.c_str(), 1); }

private:
    std::string before_;
};

}  // namespace

TEST_CASE("a transfer that arrives altered is repeated once, and then reported with both digests") {
    bench b;
    b.write("f", "content");  // two files are sent as an archive, hashed by programs
    b.write("g", "more");
    support::temporary_directory tools;
    SECTION("altered once") {
        const lying_openssl lie(tools.path(), true);
        CHECK(b.copy({"f", "g"}) == "");
        CHECK(content(b.to / "f") == "content");
    }
    SECTION("altered twice") {
        const lying_openssl lie(tools.path(), false);
        CHECK_THAT(b.copy({"f", "g"}), Catch::Contains("differ from those in " + b.from.string()) &&
                                           Catch::Contains("SHA-256") &&
                                           Catch::Contains("also on the second attempt"));
        CHECK_FALSE(fs::exists(b.to));
    }
    CHECK(std::distance(fs::directory_iterator(tools.path() / "count"), {}) == 4);
    CHECK(b.entries() == (fs::exists(b.to) ? 2u : 1u));
}

TEST_CASE("a source that changes or goes while it is read fails the transfer and is named") {
    bench b;
    b.write("first", std::string(4 << 20, 'x'));
    b.write("second", "y");
    SECTION("removed") {
        CHECK_THAT(b.send_while({"first", "second"}, [&] { fs::remove(b.from / "second"); }),
                   Catch::Contains("second") && Catch::Contains("No such file"));
    }
    SECTION("shortened") {
        CHECK_THAT(b.send_while({"first", "second"}, [&] { fs::resize_file(b.from / "first", 1 << 20); }),
                   Catch::Contains("first"));
    }
    SECTION("written to") {
        CHECK_THAT(b.send_while({"first", "second"},
                                [&] { std::ofstream(b.from / "first", std::ios::app) << "more"; }),
                   Catch::Contains("first") && Catch::Contains("changed"));
    }
    SECTION("only linked, which is no change") {
        CHECK(b.send_while({"first", "second"},
                           [&] { fs::create_hard_link(b.from / "first", b.base.path() / "link"); }) == "");
    }
}

TEST_CASE("empty, sparse and ten thousand files arrive unchanged") {
    bench b;
    SECTION("empty and sparse") {
        b.write("empty", "");
        b.write("sparse", "begin");
        fs::resize_file(b.from / "sparse", 32 << 20);
        std::ofstream(b.from / "sparse", std::ios::app) << "end";
        CHECK(b.copy({"empty", "sparse"}) == "");
        CHECK(fs::is_empty(b.to / "empty"));
        CHECK(fs::file_size(b.to / "sparse") == (32u << 20) + 3);
        CHECK(content(b.to / "sparse") == content(b.from / "sparse"));
    }
    SECTION("ten thousand in a directory") {
        fs::create_directory(b.from / "many");
        for (int i = 0; i < 10000; ++i) b.write("many/" + std::to_string(i), std::to_string(i));
        CHECK(b.copy({"many"}) == "");
        bool same = std::distance(fs::directory_iterator(b.to / "many"), {}) == 10000;
        for (int i = 0; i < 10000; ++i)
            same = same && content(b.to / "many" / std::to_string(i)) == std::to_string(i);
        CHECK(same);
    }
}

TEST_CASE(
    "a directory that cannot be written, or a file in its place, is reported, and nothing is left behind") {
    bench b;
    b.write("f", "content");
    std::ofstream(b.base.path() / "file") << "no directory";
    b.to = b.base.path() / "file/below";
    CHECK_THAT(b.copy({"f"}), Catch::Contains("cannot make the directory '" + b.to.string()));
    b.write("large", std::string(8 << 20, 'x'));
    CHECK_THAT(b.copy({"large"}), Catch::StartsWith("cannot make the directory '" + b.to.string()));
    CHECK(b.entries() == 2);
    b.to = "/proc/weft/below";
    CHECK_THAT(b.copy({"f"}), Catch::Contains("cannot make the directory '/proc/weft'"));
}
