// SPDX-License-Identifier: MIT
// Random commands, run by real shells: if weft accepts a command, a hostile value in it must have the same
// effect as a plain word.

#include "support/hostile_words.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::string_view tokens[] = {
    " ",      "a",          "'",     "\"",    "\\",   "$",          "\"$(p ", "$((",     "))",
    ")",      ")\"",        "(",     "`",     "\n",   "; p ",       "#",      " # it's", "=",
    "$x",     "${x}",       "${x:-", "}",     "{",    ",",          "<<E\n",  "\nE\n",   "<<'E'",
    "$'",     "\\\n",       "$$",    "$[",    "]",    "<<",         "]=",     ">f",      " && p ",
    "| cat ", "(p ",        "!",     "<<-E ", "\np ", "case x in ", "a) p ",  ";; esac", "; case ",
    "; esac", "\"$(echo '", "(( ",   "+=",    "E",    "[[ a == ",   " ]]"};

std::string random_command(std::mt19937& random) {
    std::string command = "IFS=; set -f; p() { printf '<%s>' \"$@\"; }; p ";
    bool placed = false;
    for (auto count = 2 + random() % 9; count > 0; --count) {
        if (random() % 3 == 0) {
            command += "{{n}}";
            placed = true;
        } else {
            command += tokens[random() % std::size(tokens)];
        }
    }
    if (!placed) command += " {{n}}";
    return command;
}

}  // namespace

TEST_CASE("in random commands hostile words have the effect of plain words in real shells") {
    const char* const asked = std::getenv("WEFT_RANDOM_COMMANDS");
    const int wanted = asked != nullptr ? std::atoi(asked) : 60;
    std::mt19937 random(asked != nullptr ? static_cast<unsigned>(wanted) : 7);
    support::temporary_directory base;
    std::vector<support::hostile_sample> samples;
    while (static_cast<int>(samples.size()) < wanted) {
        std::string command = random_command(random);
        const auto word = support::hostile_words[random() % std::size(support::hostile_words)];
        if (auto next = support::sample_of(std::move(command), word)) samples.push_back(std::move(*next));
    }
    for (const char* shell : {"sh", "bash"}) {
        const std::filesystem::path place = base.path() / shell;
        std::filesystem::create_directory(place);
        for (const std::string& one : support::run_samples(shell, place, samples, false)) {
            INFO(one);
            CHECK(false);
        }
    }
}
