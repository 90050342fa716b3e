// SPDX-License-Identifier: MIT
// A connection that is lost in the middle of a transfer: the transfer is retried, and its result is complete.
#include "support/delaying_proxy.hpp"
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::content;
using support::ssh_bench;

namespace {

/// Writes 48 MiB of varying contents into `directory`, as one file or as a tree.
void write_files(const fs::path& directory, bool tree) {
    fs::create_directories(directory / "d");
    const int files = tree ? 8 : 1;
    for (int file = 0; file < files; ++file) {
        std::ofstream out(directory / "d" / std::to_string(file), std::ios::binary);
        std::string block(1 << 20, static_cast<char>('a' + file));
        for (int i = 0; i < 48 / files; ++i) {
            block[0] = static_cast<char>(i);
            out << block;
        }
    }
}

/// The number of bytes that have arrived, under any name.
std::uintmax_t arrived(const fs::path& base) {
    std::uintmax_t size = 0;
    std::error_code gone;
    for (fs::recursive_directory_iterator each(base, gone), end; !gone && each != end; each.increment(gone))
        if (const auto one = each->is_regular_file(gone) ? each->file_size(gone) : 0; !gone) size += one;
    return size;
}

}  // namespace

TEST_CASE(
    "a transfer whose connection is cut in the middle continues after the reconnect and arrives whole") {
    ssh_bench b;
    // A file continues from the received part; a tree starts again, and so does a file that was replaced.
    const auto [from_host, to_host, tree, altered] =
        GENERATE(table<bool, bool, bool, bool>({{false, true, false, false},
                                                {true, false, false, false},
                                                {true, true, false, false},
                                                {false, true, false, true},
                                                {false, true, true, false},
                                                {true, false, true, false}}));
    CAPTURE(from_host, to_host, tree, altered);
    support::delaying_proxy line(b.server.port(), 0ms);
    b.how = b.server.binding_through(line.port());
    b.how.scratch = b.base.path().string();
    const auto edge = b.opened();
    const auto other = b.opened();
    weft::local::machine here(b.loop, b.run);
    weft::transfer::archive_stager stager;
    const fs::path from = b.base.path() / "from";
    const fs::path to = b.base.path() / "to/all";
    write_files(from, tree);
    int cuts = 0;
    std::unique_ptr<weft::os::clock::alarm> alarm;
    std::function<void()> look = [&] {
        if (arrived(b.base.path() / "to") > (24u << 20)) {
            b.server.cut();
            if (altered) std::fstream(from / "d/0", std::ios::in | std::ios::out).write("new", 3);
            ++cuts;
            return;
        }
        alarm = b.loop.after(1ms, look);
    };
    look();
    weft::engine::files& source = from_host ? static_cast<weft::engine::files&>(*edge) : here;
    weft::engine::files& target = to_host ? static_cast<weft::engine::files&>(*other) : here;
    std::vector<std::string> paths{tree ? "d" : "d/0"};
    b.wait(stager.copy(source, from.string(), std::move(paths), target, to.string(), {}));
    CHECK(cuts == 1);
    for (const auto& file : fs::directory_iterator(from / "d")) {
        const bool same = content(file.path()) == content(to / "d" / file.path().filename());
        CHECK(same);
    }
    CHECK(fs::status(to / "d/0").permissions() == fs::status(from / "d/0").permissions());
    for (const auto& left : fs::directory_iterator(b.base.path() / "to"))
        CHECK(left.path().filename() == "all");
    // The bytes in flight at the cut are lost; a transfer from the start would carry 72 MiB.
    const std::uint64_t carried = line.bytes() / (from_host && to_host ? 2 : 1);
    CHECK((carried < (64u << 20)) == (!tree && !altered));
    b.wait(edge->close());
    b.wait(other->close());
}

TEST_CASE(
    "a transfer whose host goes away for good fails within the host's deadline, and leaves nothing here") {
    ssh_bench b;
    b.how.deadline = 3s;
    const auto edge = b.opened();
    weft::local::machine here(b.loop, b.run);
    weft::transfer::archive_stager stager;
    const fs::path from = b.base.path() / "from";
    const fs::path to = b.base.path() / "to/all";
    write_files(from, false);
    std::unique_ptr<weft::os::clock::alarm> alarm;
    std::function<void()> look = [&] {
        if (arrived(b.base.path() / "to") > (1u << 20)) return b.server.stop();
        alarm = b.loop.after(1ms, look);
    };
    look();
    std::string trouble;
    const auto start = b.loop.now();
    const auto copy = [&]() -> weft::os::async<void> {
        std::vector<std::string> paths{"d/0"};
        try {
            co_await stager.copy(*edge, from.string(), std::move(paths), here, to.string(), {});
        } catch (const weft::engine::place_error& error) {
            trouble = error.what();
        }
    };
    b.wait(copy());
    CHECK_THAT(trouble, Catch::Contains("host edge") && Catch::Contains("unreachable"));
    CHECK(b.loop.now() - start < 20s);
    CHECK(fs::is_empty(b.base.path() / "to"));
    b.wait(edge->close());
}
