// SPDX-License-Identifier: MIT
// Commands at random, run by real shells: whatever is accepted, a hostile value in it does what a plain word
// does.

#include "support/placed_values.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view plain_word = "MARK";
// None ends with a newline, which `$( )` would drop, or holds a digit, or names a program.
constexpr std::string_view hostile_words[] = {"$(touch P)",
                                              "`touch P`",
                                              "';touch P;'",
                                              "\";touch P;\"",
                                              "x\ntouch P\n#",
                                              "x\nE\ntouch P\n:",
                                              "a,b",
                                              "if",
                                              "\\",
                                              "'",
                                              "\"",
                                              "a b",
                                              ")touch P;(",
                                              "};touch P;{",
                                              "",
                                              "))$(touch P)",
                                              "*",
                                              "-n",
                                              "a[$(touch P)]",
                                              "' \"$(touch P)\" '",
                                              "#",
                                              "esac;touch P",
                                              "${x:=$(touch P)}",
                                              "~"};
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

/// Process ids are in what some commands print.
std::string without_digits(std::string said) {
    said.erase(std::remove_if(said.begin(), said.end(), [](char c) { return c >= '0' && c <= '9'; }),
               said.end());
    return said;
}

}  // namespace

TEST_CASE("in random commands hostile words do in real shells what a plain word does") {
    const char* const asked = std::getenv("WEFT_RANDOM_COMMANDS");
    const int wanted = asked != nullptr ? std::atoi(asked) : 60;
    std::mt19937 random(asked != nullptr ? static_cast<unsigned>(wanted) : 7);
    support::temporary_directory base;
    struct sample {
        std::string command, plain, hostile;
        std::string_view word;
    };
    std::vector<sample> samples;
    while (static_cast<int>(samples.size()) < wanted) {
        sample next{random_command(random), {}, {}, hostile_words[random() % std::size(hostile_words)]};
        const auto plain = support::with_word(next.command, plain_word);
        if (!plain) continue;
        next.plain = *plain;
        next.hostile = support::with_word(next.command, next.word).value();
        samples.push_back(next);
    }
    for (const char* shell : {"sh", "bash"}) {
        const std::filesystem::path place = base.path() / shell;
        std::filesystem::create_directory(place);
        for (std::size_t at = 0; at < samples.size(); ++at) {
            support::write_file(place / ("c" + std::to_string(at) + "p"), samples[at].plain);
            support::write_file(place / ("c" + std::to_string(at) + "h"), samples[at].hostile);
        }
        support::run_driver({shell}, place,
                            "for c in c*; do $0 ./$c >o$c 2>/dev/null; echo \"=$?\" >>o$c\n"
                            "[ -e P ] && echo broken >>o$c; rm -f P; done\n");
        for (std::size_t at = 0; at < samples.size(); ++at) {
            const sample& one = samples[at];
            const std::string plain = support::read_file(place / ("oc" + std::to_string(at) + "p"));
            const std::string expected = support::replaced(plain, plain_word, one.word);
            INFO(shell << ", the word [" << one.word << "] in:\n"
                       << one.command << "\nwhich is:\n"
                       << one.hostile);
            CHECK(without_digits(support::read_file(place / ("oc" + std::to_string(at) + "h"))) ==
                  without_digits(expected));
        }
    }
}
