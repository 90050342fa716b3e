// SPDX-License-Identifier: MIT
// Changes that times of whole seconds do not tell, seen here and by the shells of hosts.
#include <weft/os/scratch_files.hpp>
#include <weft/os/scratch_seal.hpp>
#include <weft/remote/resident_script.hpp>
#include <weft/text/shell_quote.hpp>

#include "support/posix_shells.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;
namespace resident = weft::remote::resident;

namespace {

struct scratch {
    support::temporary_directory base;
    const fs::path directory = base.path() / "it's a task";

    scratch() {
        fs::create_directories(directory / ".weft");
        fs::create_directories(directory / "d/e");
        write("a", "one");
        write("b", "two");
        write("d/c", "three");
        write("d/-n", "four");
        write(".weft/stdout", "said");
        write(".weft/exit", "0");
        fs::create_symlink("a", directory / "link");
        set_times(0);
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(directory / name) << text;
    }
    /// Of everything, as where times have whole seconds and all of it happens within one.
    void set_times(long nanoseconds) const {
        set_time(directory, nanoseconds);
        for (const auto& entry : fs::recursive_directory_iterator(directory))
            set_time(entry.path(), nanoseconds);
    }
    static void set_time(const fs::path& path, long nanoseconds) {
        const timespec times[2]{{1700000000, nanoseconds}, {1700000000, nanoseconds}};
        REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
    }
    /// What the shell of a host says, without the line's end.
    std::string answer(const std::vector<std::string>& shell, const std::string& function) const {
        const fs::path script = base.path() / "script";
        std::ofstream(script) << resident::detail::functions << function << ' '
                              << weft::text::quote(directory.string()) << '\n';
        std::string command;
        for (const std::string& word : shell) command += weft::text::quote(word) + ' ';
        command += weft::text::quote(script.string());
        std::FILE* const said = ::popen(command.c_str(), "r");
        REQUIRE(said != nullptr);
        char line[256] = {};
        const std::size_t size = std::fread(line, 1, sizeof line - 1, said);
        ::pclose(said);
        const std::string text(line, size);
        return text.substr(0, text.find_first_of(" \n"));
    }
};

using seal_function = std::function<std::string(const scratch&)>;

std::vector<seal_function> all_seals() {
    std::vector<seal_function> all{
        [](const scratch& one) { return weft::os::seal_of(one.directory.string(), ".weft/exit", ".weft"); }};
    for (const auto& shell : support::posix_shells)
        all.emplace_back([shell](const scratch& one) { return one.answer(shell, "weft_seal"); });
    return all;
}

}  // namespace

TEST_CASE("where times are coarse a seal tells each change in the second of a task's end") {
    for (const seal_function& seal : all_seals()) {
        const scratch s;
        std::set<std::string> seen;
        const auto is_another = [&](const auto& change) {
            change();
            s.set_times(0);
            CHECK(weft::os::unchanged_since(s.directory.string(), ".weft/exit", ".weft"));
            const std::string now = seal(s);
            CHECK(now.size() == 64);
            CHECK(now == seal(s));
            return seen.insert(now).second;
        };
        CHECK(is_another([] {}));
        CHECK_FALSE(is_another([] {}));
        CHECK_FALSE(is_another([&] { s.write(".weft/stdout", "more"); }));
        CHECK(is_another([&] { s.write("a", "1ne"); }));
        CHECK(is_another([&] { s.write("d/-n", "4our"); }));
        CHECK(is_another([&] { fs::rename(s.directory / "a", s.directory / "A"); }));
        CHECK(is_another([&] {  // the same contents under other names
            s.write("A", "two");
            s.write("b", "1ne");
        }));
        CHECK(is_another([&] { s.write("d/new", ""); }));
        CHECK(is_another([&] { fs::remove(s.directory / "d/new"), fs::remove(s.directory / "d/c"); }));
        CHECK(is_another([&] {
            fs::remove(s.directory / "link");
            fs::create_symlink("b", s.directory / "link");
        }));
    }
}

TEST_CASE("where times are fine there is no seal") {
    const scratch s;
    s.set_times(123456789);
    CHECK(weft::os::seal_of(s.directory.string(), ".weft/exit", ".weft").empty());
    for (const auto& shell : support::posix_shells) CHECK(s.answer(shell, "weft_seal") == "fine");
}
