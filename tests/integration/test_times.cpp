// SPDX-License-Identifier: MIT
// Modes and times of files that are moved between places, over real servers.
#include "support/ssh_bench.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>

namespace fs = std::filesystem;
using support::content;

namespace {

constexpr long a_second = 1'000'000'000;

/// What a reader of a tree sees, with links followed: kind, mode, time and content of each path. busybox has
/// whole seconds, none before 1970, and sets the times of non-empty directories too early.
std::string seen_in(const fs::path& root, bool fine) {
    std::map<std::string, std::string> all;
    const auto options = fs::directory_options::follow_directory_symlink;
    for (const auto& entry : fs::recursive_directory_iterator(root, options)) {
        struct stat status {};
        REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        std::ostringstream text;
        text << (S_ISDIR(status.st_mode) ? "directory " : "file ") << std::oct << (status.st_mode & 07777u)
             << std::dec;
        if (fine)
            text << ' ' << status.st_mtim.tv_sec << ' ' << status.st_mtim.tv_nsec;
        else if (S_ISREG(status.st_mode))
            text << ' ' << std::max(status.st_mtim.tv_sec, time_t{});
        if (S_ISREG(status.st_mode)) text << ' ' << std::hash<std::string>()(content(entry.path()));
        all[entry.path().lexically_relative(root).string()] = text.str();
    }
    std::string lines;
    for (const auto& [path, text] : all) lines += path + ": " + text + '\n';
    return lines;
}

/// Two hosts and this machine, with a tree of everything that can be staged.
struct times_bench {
    support::temporary_directory base;
    fs::path from = base.path() / "from";
    std::string long_name = std::string(120, 'l') + '/' + std::string(250, 'n');

    times_bench() {
        for (const char* name : {"alone", "at 1970", "tree/-dash $x\n'\xff", "tree/shared", "tree/a/b"})
            write(name);
        write("tree/" + long_name);
        fs::create_directories(from / "tree/empty");
        fs::create_hard_link(from / "tree/shared", from / "tree/again");
        fs::create_symlink("shared", from / "tree/link");
        fs::create_directory_symlink("a", from / "tree/linked");
        write("tree/sparse");
        fs::resize_file(from / "tree/sparse", 3'000'000);
        set("alone", 0751, 1234567890, 7);
        set("at 1970", 0440, -3, 123456789);
        set("tree/-dash $x\n'\xff", 0600, 1700000000, 999999999);
        set("tree/shared", 0604, 1, 100000000);
        set("tree/sparse", 0644, 1234567890, 0);
        set("tree/" + long_name, 0700, 1234567890, 123456789);
        set("tree/a/b", 0640, 1234567891, 20);
        set("tree/a", 0711, 1234567892, 30);
        set("tree/empty", 0555, 1234567893, 40);
        set("tree", 0750, 1234567894, 50);
    }
    void write(const std::string& path) const {
        fs::create_directories((from / path).parent_path());
        std::ofstream(from / path) << "content of " << path;
    }
    void set(const std::string& path, mode_t mode, time_t seconds, long nanoseconds) const {
        const struct timespec time { seconds, nanoseconds };
        const struct timespec times[2] = {time, time};
        REQUIRE(::chmod((from / path).c_str(), mode) == 0);
        REQUIRE(::utimensat(AT_FDCWD, (from / path).c_str(), times, 0) == 0);
    }
    std::string at(const std::string& name) const { return (base.path() / name).string(); }

    /// A PATH that starts with busybox.
    std::string path_with_busybox() const {
        fs::create_directory(at("bin"));
        for (const char* tool : {"tar", "touch", "stat", "dd", "find", "sha256sum", "sh", "tee", "cp"})
            fs::create_symlink("/bin/busybox", at("bin/") + tool);
        return "PATH=" + at("bin") + ":/usr/bin:/bin";
    }
};

}  // namespace

TEST_CASE("moved files keep their modes, and their times to the nanosecond where tar is GNU tar") {
    times_bench b;
    // The host that has busybox.
    const std::string busybox = GENERATE(as<std::string>{}, "none", "edge", "other");
    CAPTURE(busybox);
    const std::string path = busybox == "none" ? std::string() : b.path_with_busybox();
    support::ssh_bench first({}, busybox == "edge" ? path : std::string());
    support::sshd second({}, 2, busybox == "other" ? path : std::string());
    weft::local::machine here(first.loop, first.run);
    weft::transfer::archive_stager stager;
    auto how = second.binding();
    how.scratch = first.how.scratch;
    const auto edge = first.opened(2);
    const auto other = std::make_unique<weft::remote::host>(first.loop, "other", how, first.run, 2);
    first.wait(other->open());

    struct leg {
        weft::engine::files& from;
        weft::engine::files& to;
        bool fine;  ///< neither end has busybox
    };
    const leg legs[] = {{here, *edge, busybox != "edge"},
                        {*edge, *other, busybox == "none"},
                        {*other, here, busybox != "other"},
                        {here, here, true}};
    int number = 0;
    for (const leg& one : legs) {
        CAPTURE(number);
        const std::string whole = b.at("whole " + std::to_string(number));
        const std::string single = b.at("single " + std::to_string(number));
        ++number;
        first.wait(stager.copy(one.from, b.from.string(), {"alone", "at 1970", "tree"}, one.to, whole, {}));
        CHECK(seen_in(whole, one.fine) == seen_in(b.from, one.fine));
        // A single file is sent differently. Of a time before 1970, busybox keeps the second at most.
        for (const char* file : {"alone", "at 1970"}) {
            CAPTURE(file);
            const std::string to = single + file;
            first.wait(stager.copy(one.from, b.from.string(), {file}, one.to, to, {}));
            const auto sent = fs::last_write_time(b.from / file).time_since_epoch();
            const auto arrived = fs::last_write_time(to + '/' + file).time_since_epoch();
            const bool keeps = one.fine || &one.to == &here;
            CHECK(std::chrono::nanoseconds(sent - arrived).count() / (keeps ? 1 : a_second) == 0);
            CHECK(fs::status(to + '/' + file).permissions() == fs::status(b.from / file).permissions());
        }
    }
    first.wait(edge->close());
    first.wait(other->close());
}
