// SPDX-License-Identifier: MIT
// A hostile host: tools in its PATH reply what an attacker would. It may spoil its own tasks, and nothing on
// this machine.
#include <weft/show/log.hpp>
#include <weft/weft.hpp>

#include "support/captured.hpp"
#include "support/content.hpp"
#include "support/sshd.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

using namespace weft;
namespace fs = std::filesystem;
using support::content;

namespace {

constexpr auto fetch =
    workflow<"fetch">(host<"edge">, task<"A">(sh<"echo x > f.txt">) | on<"edge"> | collect<"*.txt">);

// Two files are sent as an archive; a single one is sent as it is.
constexpr auto fetch_two = workflow<"fetch">(
    host<"edge">, task<"A">(sh<"echo x > f.txt; echo y > g.txt">) | on<"edge"> | collect<"*.txt">);

/// A server whose PATH starts with `tools/`.
struct bench {
    support::temporary_directory base;
    fs::path tools = base.path() / "tools";
    support::sshd server{"", 1, "PATH=" + tools.string() + ":/usr/local/bin:/usr/bin:/bin"};
    options how;

    bench() {
        fs::create_directories(tools);
        ssh_host machine = server.binding();
        machine.scratch = (base.path() / "edge").string();
        fs::create_directories(machine.scratch);
        how.hosts = {{"edge", machine}};
        how.scratch = (base.path() / "here").string();
        how.results = (base.path() / "home/results").string();
        write(base.path() / "home/mine", "mine\n");
    }

    static void write(const fs::path& file, const std::string& text) {
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    void tool(const std::string& name, const std::string& script) const {
        write(tools / name, "#!/bin/sh\n" + script + '\n');
        fs::permissions(tools / name, fs::perms::owner_all);
    }
    /// The resident shell is a real one that executes `lies` before the first request.
    void resident(const std::string& lies) const {
        write(base.path() / "lies", lies);
        tool("sh",
             "[ \"$*\" = -s ] || exec /bin/sh \"$@\"\n"
             "sed -u '/^weft_data 0 /e cat " +
                 (base.path() / "lies").string() + "' | /bin/sh -s");
    }
    /// The host's tar outputs what `script` writes into the file $archive, and g.txt.
    void archive(const std::string& script) const {
        const std::string work = (base.path() / "archive").string();
        fs::create_directories(work);
        tool("tar",
             "case \" $*\" in *' -c'*) ;; *) exec /bin/tar \"$@\" ;; esac\n"
             "archive=" +
                 work + ".tar; mkdir -p " + work + "/in && cd " + work + "/in\n(" + script + "\ncd " + work +
                 "/in; echo y > g.txt; /bin/tar -rf \"$archive\" g.txt) >/dev/null 2>&1\ncat \"$archive\"");
    }
    report go() { return run(fetch, how); }
    report go_for_archive() { return run(fetch_two, how); }

    /// Checks that only the results were written, and no temporary name is left in them.
    void check_untouched() const {
        CHECK(content(base.path() / "home/mine") == "mine\n");
        for (const auto& entry : fs::recursive_directory_iterator(base.path() / "home")) {
            INFO(entry.path());
            CHECK(entry.path().filename().string().find(".weft") == std::string::npos);
            CHECK(entry.path().filename() != "evil");
            CHECK_FALSE(entry.is_symlink());
        }
    }
};

}  // namespace

TEST_CASE("a host cannot name files outside of a request") {
    bench b;
    const char* const lie = GENERATE("../../home/mine", "/etc/passwd", "../evil.txt", "a/b.txt", "..", "");
    b.resident(std::string("weft_match() { printf '%s\\0' '") + lie + "'; }\n");
    const report result = b.go();
    CHECK(result["A"].status == task_state::failed);
    CHECK_THAT(result["A"].reason, Catch::Contains("host edge: it answers '" + std::string(lie) + "'") &&
                                       Catch::Contains("asked for '*.txt'"));
    b.check_untouched();
}

TEST_CASE("nonsense on a host's channel is noise, and an invalid end of a task leaves the task lost") {
    bench b;
    SECTION("lines with another nonce, and replies to requests that were never sent") {
        b.resident(
            "printf '%s 7 ok 41\\n%s 7 end 0\\n0 0 ok\\n%s -1 err 4\\n%s\\n\\n' \"$weft_nonce\" "
            "\"$weft_nonce\" \"$weft_nonce\" \"$weft_nonce\"\n"
            "printf '%s 99 end 0\\n%s 1 done\\n' \"$weft_nonce\" \"$weft_nonce\" >&3\n");
        CHECK(b.go().ok());
        CHECK(content(b.base.path() / "home/results/A/f.txt") == "x\n");
    }
    SECTION("a line of seventy megabytes") {
        b.how.hosts[0].host.connect_timeout = std::chrono::seconds(100);  // the machine may be busy
        b.resident(
            "head -c 70000000 /dev/zero | tr '\\0' x; echo\n"
            "head -c 70000000 /dev/zero | tr '\\0' x >&3; echo >&3\n");
        CHECK(b.go().ok());
    }
    SECTION("an end without a number") {
        const char* const code = GENERATE("99999999999999999999", "-1", "0x", "300", "");
        b.resident(
            "weft_run() { printf '%s %s ok \\n' \"$weft_nonce\" \"$1\"; printf '%s %s end %s\\n' "
            "\"$weft_nonce\" \"$1\" '" +
            std::string(code) + "' >&3; }\n");
        const report result = b.go();
        CHECK(result["A"].status == task_state::failed);
        CHECK_THAT(result["A"].reason, Catch::Contains("how the task ended is unknown there"));
    }
    b.check_untouched();
}

TEST_CASE("a host's text is shown without its control characters, and cut to a limit") {
    bench b;
    support::captured text;
    show::log lines({show::log_level::debug, show::log_format::text, text.descriptor(), false});
    engine::observer* const listeners[] = {&lines};
    const plan::lowered lowered(fetch);
    SECTION("a reason") {
        b.resident(
            "weft_begin() { weft_why=$(printf '\\033]0;owned\\007\\033[2J'; head -c 100000 /dev/zero | tr "
            "'\\0' x); return 1; }\n");
        run_plan(lowered.view(), b.how, listeners);
        CHECK_THAT(text.text(), Catch::Contains("failed: host edge: \\x1b]0;owned\\x07\\x1b[2Jxxx"));
    }
    SECTION("a stderr") {
        b.resident(
            "tail() { head -c 100000 /dev/zero | tr '\\0' x; printf '\\033[31m\\n\\302\\233H'; }\n"
            "weft_run() { weft_err \"$1\" no; }\n");
        const report result = run_plan(lowered.view(), b.how, listeners);
        CHECK(result["A"].stderr_tail.size() <= 4096);
    }
    CHECK(text.text().find('\x1b') == std::string::npos);
    CHECK(text.text().find("\xc2\x9b") == std::string::npos);
    CHECK(text.text().size() < 50000);
}

TEST_CASE("an archive that a host makes up writes no file but the requested one") {
    bench b;
    const std::string format = GENERATE(values<std::string>({"gnu", "posix"}));
    const std::string tar = "/bin/tar --format=" + format + " -cf \"$archive\" ";
    SECTION("paths that lead out") {
        const char* const path = GENERATE("../../../home/evil", "../../home/evil", "../evil");
        b.archive("mkdir -p x/y/z && cd x/y/z && mkdir -p ../../../home ../../home && echo evil > " +
                  std::string(path) + "; " + tar + "-P " + path);
        CHECK(b.go_for_archive()["A"].status == task_state::failed);
        for (const char* place : {"home/evil", "here/evil", "evil", "home/results/evil"})
            CHECK_FALSE(fs::exists(b.base.path() / place));
    }
    SECTION("an absolute path") {
        const std::string path = (b.base.path() / "outside").string();
        b.archive("echo evil > " + path + "; " + tar + "-P " + path + "; rm " + path);
        CHECK(b.go_for_archive()["A"].status == task_state::failed);
        CHECK_FALSE(fs::exists(path));
    }
    SECTION("a link, and a file through it") {
        const std::string home = (b.base.path() / "home").string();
        b.archive("ln -s " + home + " out; mkdir -p in2/out; echo evil > in2/out/evil; " + tar +
                  "out; cd in2; /bin/tar -rf \"$archive\" out/evil");
        CHECK(b.go_for_archive()["A"].status == task_state::failed);
    }
    SECTION("a hard link to a file of this machine") {
        const std::string mine = (b.base.path() / "home/mine").string();
        b.archive("ln " + mine + " f.txt; " + tar + "-P " + mine +
                  " f.txt; rm f.txt; echo more > more; "
                  "/bin/tar -P --delete -f \"$archive\" " +
                  mine);
        const report result = b.go_for_archive();
        INFO(result["A"].reason);
        CHECK(result["A"].status == task_state::failed);
    }
    SECTION("a device, a fifo") {
        b.archive("mkfifo f.txt; " + tar + "f.txt");
        CHECK_THAT(b.go_for_archive()["A"].reason, Catch::Contains("neither a file nor a directory"));
        if (::geteuid() == 0) {
            b.archive("rm f.txt; mknod f.txt c 1 3; " + tar + "f.txt");
            CHECK(b.go_for_archive()["A"].status == task_state::failed);
        }
    }
    SECTION("set-user-id") {
        b.archive("echo x > f.txt; chmod 6755 f.txt; " + tar + "f.txt");
        CHECK(b.go_for_archive().ok());
        const auto mode = fs::status(b.base.path() / "home/results/A/f.txt").permissions();
        CHECK((mode & (fs::perms::set_uid | fs::perms::set_gid)) == fs::perms::none);
    }
    SECTION("more than was requested, with names for a terminal") {
        b.archive("echo x > f.txt; echo evil > evil; echo evil > \"$(printf 'a\\n\\033[31mb')\"; " + tar +
                  "*");
        CHECK(b.go_for_archive().ok());
        CHECK(content(b.base.path() / "home/results/A/f.txt") == "x\n");
        CHECK(std::distance(fs::directory_iterator(b.base.path() / "home/results/A"), {}) == 2);
    }
    SECTION("another file than the requested one") {
        b.archive("echo evil > other; " + tar + "other");
        CHECK_THAT(b.go_for_archive()["A"].reason, Catch::Contains("'f.txt' did not arrive"));
    }
    SECTION("not an archive") {
        b.archive("head -c 100000 /dev/urandom > \"$archive\"");
        CHECK(b.go_for_archive()["A"].status == task_state::failed);
    }
    b.check_untouched();
}

TEST_CASE("an existing directory with the run's name on a host is not used") {
    bench b;
    // As another user could in /tmp: the name is taken before the first task, by a link or a directory.
    const bool link = GENERATE(true, false);
    if (!link && ::geteuid() != 0) return;  // only root can make another user's directory
    const std::string trap = (b.base.path() / "trap").string();
    fs::create_directories(trap);
    b.resident("weft_take() { " +
               (link ? "ln -s " + trap + " \"$1\"" : "mkdir -m 777 \"$1\"; chown 65534 \"$1\"") +
               "; }\nweft_take " + (b.base.path() / "edge").string() + "/$weft_run\n");
    const report result = b.go();
    CHECK(result["A"].status == task_state::failed);
    CHECK(fs::is_empty(trap));
}
