// SPDX-License-Identifier: MIT
// Commands at random, run by real shells: whatever is accepted, a hostile value in it does what a plain word
// does.
#include <weft/os/process.hpp>
#include <weft/text/command.hpp>
#include <weft/text/shell_quote.hpp>

#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>

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

namespace text = weft::text;

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

/// The command with `word` in its places; nothing if it does not compile, or has only other places than
/// words.
std::optional<std::string> with_word(std::string_view command, std::string_view word) {
    std::string script;
    text::command_reader reader(command, true);
    struct place {
        std::string_view before;
        std::optional<text::shell_context> context;
    };
    std::vector<place> places;
    while (reader.next())
        places.push_back({reader.text().view(), reader.piece().what == text::found_piece::kind::text
                                                    ? std::nullopt
                                                    : std::optional(reader.piece().context)});
    if (reader.error() != text::command_error::none) return {};
    bool placed = false;
    for (std::size_t at = 0; at < places.size(); ++at) {
        script += places[at].before;
        if (!places[at].context) continue;
        placed = true;
        const std::string_view after = at + 1 < places.size() ? places[at + 1].before : std::string_view();
        switch (*places[at].context) {
            case text::shell_context::bare:
                script += text::quote_between(script, word, after);
                break;
            case text::shell_context::single_quoted:
                script += text::quote_in_single(word);
                break;
            case text::shell_context::double_quoted:
                script += text::quote_in_double_after(script, word);
                break;
            default:
                return {};  // arithmetic takes numbers only
        }
    }
    if (!placed) return {};
    return script;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}
void write_file(const std::filesystem::path& file, std::string_view contents) {
    std::ofstream(file, std::ios::binary) << contents;
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
        const auto plain = with_word(next.command, plain_word);
        if (!plain) continue;
        next.plain = *plain;
        next.hostile = with_word(next.command, next.word).value();
        samples.push_back(next);
    }
    for (const char* shell : {"sh", "bash"}) {
        const std::filesystem::path place = base.path() / shell;
        std::filesystem::create_directory(place);
        for (std::size_t at = 0; at < samples.size(); ++at) {
            write_file(place / ("c" + std::to_string(at) + "p"), samples[at].plain);
            write_file(place / ("c" + std::to_string(at) + "h"), samples[at].hostile);
        }
        write_file(place / "driver",
                   "for c in c*; do $0 ./$c >o$c 2>/dev/null; echo \"=$?\" >>o$c\n"
                   "[ -e P ] && echo broken >>o$c; rm -f P; done\n");
        weft::os::process_start start;
        start.arguments = {shell, "-c", ". ./driver", shell};
        start.environment = weft::os::environment_with({{"LC_ALL", "C"}});
        start.directory = place.string();
        CHECK(weft::os::process(start).reap().code == 0);
        for (std::size_t at = 0; at < samples.size(); ++at) {
            const sample& one = samples[at];
            const std::string plain = read_file(place / ("oc" + std::to_string(at) + "p"));
            std::string expected;
            for (std::size_t from = 0;;) {
                const std::size_t mark = plain.find(plain_word, from);
                expected += plain.substr(from, mark - from);
                if (mark == plain.npos) break;
                expected += one.word;
                from = mark + plain_word.size();
            }
            INFO(shell << ", the word [" << one.word << "] in:\n"
                       << one.command << "\nwhich is:\n"
                       << one.hostile);
            CHECK(without_digits(read_file(place / ("oc" + std::to_string(at) + "h"))) ==
                  without_digits(expected));
        }
    }
}
