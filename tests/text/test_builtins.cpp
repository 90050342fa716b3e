// SPDX-License-Identifier: MIT
// Runs every builtin of the installed shells with a hostile value among its arguments. weft must reject each
// builtin that evaluates the value, also one of a future shell.
#include "support/placed_values.hpp"
#include "support/posix_shells.hpp"
#include "support/shell_driver.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view builtins_of_posix =
    "alias bg cd command echo eval exec exit export false fg getopts hash jobs kill let local printf pwd "
    "read readonly "
    "return set shift source test times trap true type ulimit umask unalias unset wait";
constexpr std::string_view hostile_words[] = {"a[$(touch P)]",  "$(touch P)",      "x=a[$(touch P)]",
                                              "x=($(touch P))", "a[$(touch P)]=1", "touch P",
                                              "($(touch P))",   "-va[$(touch P)]"};

std::vector<std::string> builtins_of(const std::vector<std::string>& shell,
                                     const std::filesystem::path& place) {
    std::istringstream all{std::string(builtins_of_posix)};
    if (shell.front() == "bash") {
        support::run_driver(shell, place, "compgen -b >builtins");
        all.str(support::read_file(place / "builtins"));
    }
    return {std::istream_iterator<std::string>(all), {}};
}

}  // namespace

TEST_CASE("no builtin of a shell evaluates a value in a command that compiles") {
    const char* const asked = std::getenv("WEFT_RANDOM_BUILTINS");
    const int options = asked != nullptr ? std::atoi(asked) : 6;
    std::mt19937 random(static_cast<unsigned>(options));
    constexpr std::string_view letters = "abcdefghiklmnopqrstuvwxyzACDEFGHINOPRSTVWX";
    support::temporary_directory base;
    for (const std::vector<std::string>& shell : support::posix_shells) {
        const std::filesystem::path place = base.path() / shell.front();
        std::filesystem::create_directory(place);
        std::string driver;
        int tried = 0;
        const std::vector<std::string> builtins = builtins_of(shell, place);
        CHECK(builtins.size() > 30);
        for (const std::string& builtin : builtins) {
            std::vector<std::string> heads = {builtin + " ", "command " + builtin + " -- ",
                                              "! " + builtin + " x "};
            for (int option = 0; option < options; ++option) {
                const std::string letter(1, letters[random() % letters.size()]);
                heads.push_back(builtin + " -" + letter + " ");
                heads.push_back(builtin + " -" + letter + " x ");
                heads.push_back(builtin + " -" + letter);
                heads.push_back(builtin + " -" + letter + " x=");
            }
            for (const char letter : {'v', 'n', 'a', 'i', 'C', 'W'})  // options known to evaluate values
                heads.push_back(builtin + " -" + letter + " ");
            for (const std::string& head : heads) {
                const std::string command = head + "{{n}}" + (random() % 2 == 0 ? "" : " x");
                const auto script =
                    support::with_word(command, hostile_words[random() % std::size(hostile_words)]);
                if (!script) continue;
                ++tried;
                driver += "( declare -a d\n" + *script +
                          "\n) >/dev/null 2>&1 </dev/null\n[ -e P ] && cat >>found <<'EOT'\n" + *script +
                          "\nEOT\nrm -f P\n";
            }
        }
        CHECK(tried > 200);
        support::run_driver(shell, place, driver + "echo all >tried\n");
        INFO(shell.front());
        CHECK(support::read_file(place / "tried") == "all\n");
        CHECK(support::read_file(place / "found") == "");
    }
}
