// SPDX-License-Identifier: MIT
// Files to and from a host over a real sshd.
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace fs = std::filesystem;
using support::content;
using support::ssh_bench;
using paths = std::vector<std::string>;

namespace {

struct transfer_bench : ssh_bench {
    using ssh_bench::ssh_bench;

    weft::local::machine here{loop, run};
    weft::transfer::archive_stager stager;
    fs::path from = base.path() / "from";

    void write(const std::string& path, const std::string& text) const {
        fs::create_directories((from / path).parent_path());
        std::ofstream(from / path, std::ios::binary) << text;
    }
    std::string at(const std::string& name) const { return (base.path() / name).string(); }

    /// Copies to the host and back; returns the final directory.
    weft::os::async<void> round_trip(weft::remote::host& edge, std::string name, paths what) {
        paths again = what;
        co_await stager.copy(here, from.string(), std::move(what), edge, at("there " + name), {});
        co_await stager.copy(edge, at("there " + name), std::move(again), here, at("back " + name), {});
    }
};

}  // namespace

TEST_CASE("a file of 200 MiB goes to a host and comes back unchanged") {
    transfer_bench b;
    fs::create_directories(b.from);
    support::run_program(
        {"sh", "-c", "head -c 209715200 /dev/urandom > '" + (b.from / "big file").string() + "'"});
    const auto edge = b.opened(2);
    b.wait(b.round_trip(*edge, "1", {"big file"}));
    support::run_program({"cmp", (b.from / "big file").string(), b.at("back 1/big file")});
    b.wait(edge->close());
}

TEST_CASE("empty files, trees, modes and hostile names go to a host and come back unchanged") {
    transfer_bench b;
    const paths names{
        "empty", "with space",         "quote'", "-dash", "$HOME", "new\nline", "`x`", "back\\slash", "*",
        "%s",    "gr\xc3\xbc\xc3\x9f", "tree"};
    for (const std::string& name : names)
        if (name != "tree") b.write(name, name == "empty" ? "" : "content of " + name);
    for (const std::string& name : names) b.write("tree/" + name + "/" + name, name);
    fs::create_directories(b.from / "tree/nothing in it");
    fs::permissions(b.from / "-dash", fs::perms::owner_all | fs::perms::group_read);
    const auto edge = b.opened(2);
    b.wait(b.round_trip(*edge, "1", names));
    support::run_program({"diff", "-r", b.from.string(), b.at("back 1")});
    CHECK(fs::exists(b.at("back 1/tree/nothing in it")));
    CHECK(fs::status(b.at("back 1/-dash")).permissions() == (fs::perms::owner_all | fs::perms::group_read));
    b.wait(edge->close());
}

TEST_CASE("twenty concurrent transfers with a host all arrive, also where it allows few sessions") {
    const std::string extra = GENERATE("", "MaxSessions 3", "MaxSessions 2");
    transfer_bench b(extra);
    b.write("f", std::string(3000000, 'x') + "end");
    const auto edge = b.opened(2);
    support::run_all(b.loop, 20, [&](int i) { return b.round_trip(*edge, std::to_string(i), {"f"}); });
    for (int i = 0; i < 20; ++i)
        CHECK(content(b.at("back " + std::to_string(i) + "/f")) == content(b.from / "f"));
    b.wait(edge->close());
}

TEST_CASE("hosts that allow few sessions do not wait for each other when they send to each other") {
    const std::string extra = GENERATE("", "MaxSessions 3", "MaxSessions 2");
    transfer_bench b(extra);
    b.write("f", std::string(5000000, 'x') + "end");
    const auto one = b.opened(2);
    const auto other = b.opened(2);
    support::run_all(b.loop, 12, [&](int i) -> weft::os::async<void> {
        auto& from = i % 2 == 0 ? *one : *other;
        auto& to = i % 2 == 0 ? *other : *one;
        paths what{"f"};
        co_await b.stager.copy(from, b.from.string(), std::move(what), to, b.at(std::to_string(i)), {});
    });
    for (int i = 0; i < 12; ++i) CHECK(content(b.at(std::to_string(i) + "/f")).size() == 5000003);
    b.wait(one->close());
    b.wait(other->close());
}

TEST_CASE("a host that allows one session runs tasks, and reports why it cannot move files") {
    transfer_bench b("MaxSessions 1");
    b.write("f", "x");
    const auto edge = b.opened(2);
    CHECK(b.wait(edge->run(b.shell("A", "true"))).ok());
    CHECK_THROWS_WITH(b.wait(b.round_trip(*edge, "1", {"f"})),
                      Catch::Contains("host edge") && Catch::Contains("MaxSessions"));
    b.wait(edge->close());
}

TEST_CASE("globs on a host match as on this machine") {
    transfer_bench b;
    for (const char* name : {"a.nc", "b c.nc", "-d.nc", ".hidden.nc", "x.txt", "sub/e.nc", "[1].nc"})
        b.write(name, "");
    const auto edge = b.opened();
    for (const char* pattern : {"*.nc", "?.nc", "*/*.nc", "sub/*", "[ab].nc", "b c.*", "none*"}) {
        CAPTURE(pattern);
        CHECK(b.wait(edge->match(b.from.string(), pattern, true)) ==
              b.wait(b.here.match(b.from.string(), pattern, true)));
    }
    CHECK(b.wait(edge->match(b.from.string(), "x.txt", false)) == paths{"x.txt"});
    CHECK(b.wait(edge->match(b.from.string(), "*.txt", false)).empty());
    CHECK(b.wait(edge->match(b.at("none"), "*", true)).empty());

    for (int i = 0; i < 3000; ++i) b.write("many/a rather long name of a file " + std::to_string(i), "");
    const auto many = b.wait(edge->match(b.from.string(), "many/*", true));
    CHECK(many.size() == 3000);
    b.wait(b.round_trip(*edge, "1", many));
    CHECK(std::distance(fs::directory_iterator(b.at("back 1/many")), {}) == 3000);
    b.wait(edge->close());
}

TEST_CASE("files on a host are renamed without overwriting, and removed whatever their modes") {
    transfer_bench b;
    b.write("a b", "1");
    b.write("tree/deep/file", "2");
    fs::permissions(b.from / "tree/deep", fs::perms::owner_read);
    const auto edge = b.opened();
    b.wait(edge->rename((b.from / "a b").string(), (b.from / "new place/it's").string()));
    CHECK(content(b.from / "new place/it's") == "1");
    b.write("a b", "3");
    CHECK_THROWS_WITH(b.wait(edge->rename((b.from / "a b").string(), (b.from / "new place/it's").string())),
                      Catch::Contains("host edge") && Catch::Contains("already exists"));
    b.wait(edge->remove((b.from / "tree").string()));
    CHECK_FALSE(fs::exists(b.from / "tree"));
    b.wait(edge->remove((b.from / "tree").string()));
    b.wait(edge->remove_if_empty(b.from.string()));
    CHECK(fs::exists(b.from / "new place/it's"));
    b.wait(edge->close());
}

TEST_CASE("a failed send from a host or receive there has a message, and leaves nothing behind") {
    transfer_bench b;
    b.write("f", "x");
    const auto edge = b.opened();
    CHECK_THROWS_WITH(b.wait(b.stager.copy(*edge, b.from.string(), {"none"}, b.here, b.at("back"), {})),
                      Catch::Contains("host edge: there is no 'none' in " + b.from.string()));
    CHECK_FALSE(fs::exists(b.at("back")));
    CHECK_THROWS_WITH(b.wait(b.stager.copy(b.here, b.from.string(), {"f"}, *edge, "/proc/no", {})),
                      Catch::Contains("host edge") && Catch::Contains("/proc"));
    // The reader closes its end in the middle of a stream.
    support::run_program({"sh", "-c", "head -c 100000000 /dev/zero > '" + (b.from / "big").string() + "'"});
    const auto through = std::make_shared<weft::os::memory_pipe>();
    weft::os::pipe_writer sink(through);
    weft::os::pipe_reader source(through);
    const auto gone = b.loop.after(std::chrono::milliseconds(100), [&] { source.close(); });
    CHECK_THROWS_WITH(b.wait(edge->send(b.from.string(), {"big"}, {}, std::move(sink))),
                      Catch::Contains("host edge"));
    CHECK(b.wait(edge->match(b.from.string(), "f", false)).size() == 1);
    b.wait(edge->close());
}
