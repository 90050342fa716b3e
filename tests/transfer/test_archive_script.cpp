// SPDX-License-Identifier: MIT
#include <weft/engine/backend.hpp>
#include <weft/os/process.hpp>
#include <weft/os/scratch_files.hpp>
#include <weft/remote/resident_shell.hpp>
#include <weft/transfer/archive_script.hpp>

#include "support/content.hpp"
#include "support/posix_shells.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace os = weft::os;
namespace fs = std::filesystem;
using support::content;

namespace {

/// Removes the header from a stream in a file.
fs::path without_header(const fs::path& stream) {
    const std::string whole = content(stream);
    const fs::path rest = stream.string() + ".rest";
    std::ofstream(rest, std::ios::binary) << whole.substr(whole.find('\n') + 1);
    return rest;
}

/// Runs a script with a shell, with files as its streams; returns its stderr.
std::string run(const std::vector<std::string>& shell, const std::string& script, const fs::path& in,
                const fs::path& out, const fs::path& messages) {
    os::process_start start;
    start.arguments = shell;
    start.arguments.insert(start.arguments.end(), {"-c", script});
    start.environment = os::environment_with({});
    const os::descriptor input(::open(in.c_str(), O_RDONLY | O_CLOEXEC));
    const os::descriptor output(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const os::descriptor error(::open(messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    start.input = input.get();
    start.output = output.get();
    start.error = error.get();
    os::process(start).reap();
    return content(messages);
}

}  // namespace

TEST_CASE("the scripts of a transfer work under every POSIX shell") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    support::temporary_directory base;
    const fs::path from = base.path() / "it's from";
    const fs::path to = base.path() / "to";
    fs::create_directories(from / "dir/empty");
    std::ofstream(from / "-a b'c\n$d") << "1";
    std::ofstream(from / "dir/file") << "2";
    fs::permissions(from / "dir/file", fs::perms(0751));
    fs::create_symlink("dir/file", from / "link");
    const fs::path archive = base.path() / "archive";
    const fs::path messages = base.path() / "messages";

    const auto sent = weft::transfer::verdict(
        "", run(shell, weft::transfer::send_script(from.string(), {"-a b'c\n$d", "dir", "link"}, false),
                "/dev/null", archive, messages));
    const auto received =
        weft::transfer::verdict("", run(shell, weft::transfer::receive_script(to.string()),
                                        without_header(archive), base.path() / "out", messages));
    CHECK(sent == received);
    CHECK(content(to / "-a b'c\n$d") == "1");
    CHECK(content(to / "dir/file") == "2");
    CHECK(content(to / "link") == "2");
    CHECK(fs::is_directory(to / "dir/empty"));
    CHECK(fs::status(to / "dir/file").permissions() == fs::perms(0751));
    CHECK_FALSE(fs::exists(to.string() + ".work"));

    fs::create_symlink("/etc/passwd", from / "bad");
    CHECK_THROWS_WITH(
        weft::transfer::verdict("", run(shell, weft::transfer::send_script(from.string(), {"bad"}, false),
                                        "/dev/null", archive, messages)),
        Catch::Contains("'bad' in " + from.string() + " is a symbolic link that leads out of it"));
    CHECK_THROWS_WITH(
        weft::transfer::verdict("", run(shell, weft::transfer::send_script(from.string(), {"none"}, false),
                                        "/dev/null", archive, messages)),
        Catch::Contains("there is no 'none' in " + from.string()));
    CHECK_THROWS_WITH(weft::transfer::verdict("edge", run(shell, weft::transfer::receive_script(to.string()),
                                                          archive, base.path() / "out", messages)),
                      Catch::Contains("edge: cannot make the directory"));
    CHECK(content(to / "dir/file") == "2");
}

TEST_CASE("one shell performs one transfer after another under every POSIX shell") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    support::temporary_directory base;
    const fs::path from = base.path() / "from";
    const fs::path to = base.path() / "it's to";
    fs::create_directories(from / "d");
    const std::string name = "-a b'c\n$d\\";
    std::ofstream(from / "d" / name) << "abc";
    fs::permissions(from / "d" / name, fs::perms(0751));
    const struct timespec time = GENERATE(timespec{1234567890, 98765432}, timespec{-3, 123456789});
    const struct timespec times[2] = {time, time};
    REQUIRE(::utimensat(AT_FDCWD, (from / "d" / name).c_str(), times, 0) == 0);
    const fs::path output = base.path() / "output";
    const fs::path messages = base.path() / "messages";
    const fs::path input = base.path() / "input";
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const std::string functions(weft::transfer::transfer_functions());

    run(shell, functions + weft::transfer::send_command("M", from.string(), {"d/" + name}, 0, false) + '\n',
        "/dev/null", output, messages);
    const std::string stream = content(output);
    const auto header = weft::transfer::parse_header(stream.substr(0, stream.find('\n')));
    REQUIRE(header);
    CHECK(header->path == "d/" + name);
    CHECK(header->mode == 0751);
    CHECK(header->modified == time.tv_sec);
    CHECK(header->fraction == time.tv_nsec);
    CHECK(stream.substr(stream.find('\n') + 1) == "abcM sha256 " + abc + '\n');

    // Complete, cut, one whose target cannot be created, in pieces, and complete again.
    std::ofstream(input) << "1 3\nabc0 0\n"
                         << "1 2\nab- 0\n"
                         << "1 3\nabc0 0\n"
                         << "2 1\nab1 1\nc0 0\n"
                         << "1 3\nabc0 0\n";
    weft::transfer::stream_header what = *header;
    std::string script = functions;
    const auto receive = [&](const std::string& marker, const std::string& directory) {
        script += weft::transfer::receive_command(marker, directory, what) + '\n';
    };
    receive("A", to.string());
    receive("B", to.string() + "2");
    receive("C", "/proc/none");
    what.size = 5000000;  // above the limit of a small file
    what.mode = 0640;
    receive("D", to.string() + "3");
    what.size = 3;
    receive("E", to.string() + "4");
    run(shell, script, input, output, messages);
    const std::string said = content(output);
    CAPTURE(said, content(messages));
    CHECK(said.find("A sha256 " + abc + '\n') == 0);
    CHECK(said.find("\nB error cannot write") != said.npos);
    CHECK(said.find("\nC error cannot make the directory /proc/none") != said.npos);
    CHECK(said.find("\nD sha256 " + abc + '\n') != said.npos);
    CHECK(said.find("\nE sha256 " + abc + '\n') != said.npos);
    CHECK(content(to / "d" / name) == "abc");
    CHECK(fs::status(to / "d" / name).permissions() == fs::perms(0751));
    CHECK(fs::last_write_time(to / "d" / name) == fs::last_write_time(from / "d" / name));
    CHECK(fs::status(to.string() + "3/d/" + name).permissions() == fs::perms(0640));
    CHECK(fs::status(to.string() + "4/d/" + name).permissions() == fs::perms(0640));
    CHECK(fs::status(to.string() + "4/d").permissions() == fs::perms(0700));
    CHECK_FALSE(fs::exists(to.string() + "2"));
}

TEST_CASE("a file that was cut continues from the received part under every POSIX shell") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    support::temporary_directory base;
    const fs::path from = base.path() / "from";
    const fs::path part = base.path() / "it's to.part";
    const std::string name = "d/-a b'c\n$d";
    fs::create_directories(from / "d");
    fs::create_directories(part / "d");
    std::string bytes(6000000, 'x');
    for (std::size_t at = 0; at < bytes.size(); at += 1000)
        bytes.replace(at, 8, std::to_string(10000000 + at));
    std::ofstream(from / name) << bytes;
    fs::permissions(from / name, fs::perms(0640));
    std::ofstream(part / name) << bytes.substr(0, 5000000);
    std::ofstream(part / "noise") << "of the first try";
    const fs::path output = base.path() / "output";
    const fs::path messages = base.path() / "messages";
    const fs::path input = base.path() / "input";
    const std::string resident = weft::remote::resident::hello("N", "r", base.path().string());

    // Only whole blocks of it are kept.
    const auto salvaged = [&](const std::string& directory) {
        run(shell, resident + weft::remote::resident::salvage(7, directory, name) + "exec 4>&-\nwait\n",
            "/dev/null", output, messages);
        const std::string said = content(messages);
        const auto line = said.find("N 7 done ");
        REQUIRE(line != said.npos);
        return said.substr(line + 9, said.size() - line - 10);
    };
    REQUIRE(salvaged(part.string()) == "4980736");
    CHECK(content(part / name) == bytes.substr(0, 4980736));
    CHECK_FALSE(fs::exists(part / "noise"));
    CHECK(salvaged(base.path() / "none") == "");
    fs::create_directories(base.path() / "small/d");
    std::ofstream(base.path() / "small" / name) << "not worth it";
    CHECK(salvaged(base.path() / "small") == "");
    CHECK_FALSE(fs::exists(base.path() / "small"));

    const std::string functions(weft::transfer::transfer_functions());
    run(shell, functions + weft::transfer::send_command("M", from.string(), {name}, 4980736, false) + '\n',
        "/dev/null", output, messages);
    const std::string stream = content(output);
    const auto header_end = stream.find('\n');
    const auto header = weft::transfer::parse_header(stream.substr(0, header_end));
    REQUIRE(header);
    CHECK(header->offset == 4980736);
    const auto verdict = stream.find("M sha256 ");
    REQUIRE(verdict != stream.npos);
    const std::string rest = stream.substr(header_end + 1, verdict - header_end - 1);
    CHECK(rest == bytes.substr(4980736));

    std::ofstream(input) << "1 " << rest.size() << '\n' << rest << "0 0\n1 3\nabc0 0\n";
    auto elsewhere = *header;
    elsewhere.offset = 131072;
    run(shell,
        functions + weft::transfer::receive_command("A", part.string(), *header) + '\n' +
            weft::transfer::receive_command("B", part.string(), elsewhere) + '\n',
        input, output, messages);
    CHECK(content(output) == "A" + stream.substr(verdict + 1) + "B error expected 131072 bytes in " +
                                 part.string() + "/d/-a b'c $d\n");
    CHECK(content(part / name) == bytes);
    CHECK(fs::status(part / name).permissions() == fs::perms(0640));
    std::size_t left = 0;
    for (const auto& entry : fs::directory_iterator(base.path()))
        left += entry.path().string().find("cut") != std::string::npos;
    CHECK(left == 0);
}

TEST_CASE(
    "a file that gets another link while it is sent arrives whole, one whose content changes is rejected") {
    const bool rewritten = GENERATE(false, true);
    const bool as_archive = GENERATE(true, false);
    support::temporary_directory base;
    const fs::path file = base.path() / "file";
    std::ofstream(file) << std::string(8 << 20, 'x');
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::minutes(1));
    const fs::path archive = base.path() / "archive";
    const fs::path messages = base.path() / "messages";
    REQUIRE(::mkfifo(archive.c_str(), 0600) == 0);
    // When the first bytes have arrived and the rest does not fit into pipes, tar is in the middle of the
    // file.
    std::thread reader([&] {
        std::ifstream in(archive, std::ios::binary);
        std::string some(4096, '\0');
        in.read(some.data(), static_cast<std::streamsize>(some.size()));
        if (rewritten)
            std::fstream(file, std::ios::in | std::ios::out).write("y", 1);
        else
            fs::create_hard_link(file, base.path() / "link");
        while (in.read(some.data(), static_cast<std::streamsize>(some.size()))) {
        }
    });
    const std::string script =
        as_archive ? weft::transfer::send_script(base.path().string(), {"file"}, false)
                   : std::string(weft::transfer::transfer_functions()) +
                         weft::transfer::send_command("", base.path().string(), {"file"}, 0, false);
    const std::string said = run({"sh"}, script, "/dev/null", archive, messages);
    reader.join();
    if (rewritten)
        CHECK_THROWS_WITH(weft::transfer::verdict("", said),
                          Catch::Matches(".*changed (while|as) .*"));  // as tar says it
    else
        CHECK_NOTHROW(weft::transfer::verdict("", said));
}

TEST_CASE("a transfer whose other end has gone leaves no temporary directory behind") {
    const auto shell = GENERATE(from_range(support::posix_shells));
    support::temporary_directory base;
    fs::create_directories(base.path() / "from");
    fs::create_directories(base.path() / "temporary");
    std::ofstream(base.path() / "from/big") << std::string(1 << 20, 'x');
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    ::close(ends[0]);
    const os::descriptor nobody(ends[1]);
    os::process_start start;
    start.arguments = shell;
    start.arguments.insert(
        start.arguments.end(),
        {"-c", weft::transfer::send_script((base.path() / "from").string(), {"big"}, false)});
    start.environment = os::environment_with({{"TMPDIR", (base.path() / "temporary").string()}});
    start.output = nobody.get();
    start.error = nobody.get();
    os::process(start).reap();
    CHECK(fs::is_empty(base.path() / "temporary"));
}

TEST_CASE("a full disk is reported as such and nothing is left behind") {
    if (::geteuid() != 0) return;  // mounting needs root
    support::temporary_directory base;
    const fs::path small = base.path() / "small";
    fs::create_directory(small);
    if (std::system(("mount -t tmpfs -o size=1m tmpfs '" + small.string() + "' 2>/dev/null").c_str()) != 0)
        return;
    fs::create_directory(base.path() / "from");
    std::ofstream(base.path() / "from/big") << std::string(5 << 20, 'x');
    const fs::path archive = base.path() / "archive";
    const fs::path messages = base.path() / "messages";
    run({"sh"}, weft::transfer::send_script((base.path() / "from").string(), {"big"}, false), "/dev/null",
        archive, messages);
    CHECK_THROWS_WITH(
        weft::transfer::verdict("", run({"sh"}, weft::transfer::receive_script((small / "to").string()),
                                        without_header(archive), base.path() / "out", messages)),
        Catch::Contains("No space left"));
    CHECK(fs::is_empty(small));
    REQUIRE(std::system(("umount '" + small.string() + "'").c_str()) == 0);
}

TEST_CASE(
    "a pattern becomes a shell word that matches at least as much, with the star as its only wildcard") {
    CHECK(weft::transfer::glob_word("*.nc") == "*.nc");
    CHECK(weft::transfer::glob_word("a b/$x*?.[ch]") == "'a b/$x'*.*");
    CHECK(weft::transfer::glob_word("it's*") == "'it'\"'\"'s'*");
    CHECK(weft::transfer::glob_word("[a;rm -rf]*") == "*");
    CHECK(weft::transfer::glob_word("[unclosed/[]]x") == "*unclosed/*x");
    CHECK(weft::transfer::glob_word("%2A*%5b") == "'*'*'['");
    for (const char* same : {"*", "a*/b*.nc", "*.%2A", ".weft/exit*"})
        CHECK(weft::transfer::is_same_in_shells(same));
    for (const char* own : {"?", "[a]", ".*", "a/.*x", "%2e*"})
        CHECK_FALSE(weft::transfer::is_same_in_shells(own));
}

TEST_CASE("lines of the resident shell are parsed, and noise is dropped") {
    using weft::remote::resident::parse;
    const auto good = parse("weft-n", "weft-n 12 ok 610a62");
    CHECK(good.id == 12);
    CHECK(good.kind == "ok");
    CHECK(good.payload == "a\nb");
    CHECK(parse("weft-n", "Welcome!weft-n 3 err 78").payload == "x");
    CHECK(parse("weft-n", "weft-n 4 end 137").payload == "137");
    for (const char* noise :
         {"", "Welcome", "weft-m 12 ok ", "weft-n", "weft-n x ok 61", "weft-n 12", "weft-n 12 ok 6g"})
        CHECK(parse("weft-n", noise).kind.empty());
}

TEST_CASE("a shell that ended without a message is reported with the possible causes") {
    CHECK_THROWS_WITH(
        weft::transfer::verdict("host edge", "\n"),
        "host edge: the shell of the transfer ended without a message: was it killed, or is memory "
        "short (see dmesg)?");
}
