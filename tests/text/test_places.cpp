// SPDX-License-Identifier: MIT
// Values in each position of the shell's grammar, run by real shells: no value is run as code, and each value
// arrives unchanged if the command was accepted.
#include "support/placed_values.hpp"
#include "support/posix_shells.hpp"
#include "support/shell_driver.hpp"
#include "support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view plain_word = "MARK";
constexpr std::string_view hostile_words[] = {"$(touch P)",
                                              "a[$(touch P)]",
                                              "*",
                                              "~",
                                              ";touch P",
                                              "x\ntouch P\n#",
                                              "-va[$(touch P)]",
                                              "-v",
                                              "($(touch P))",
                                              "[a$(touch P)",
                                              "root",
                                              "a:",
                                              "1..3",
                                              "-",
                                              "]",
                                              "!x",
                                              "^x",
                                              "`touch P`",
                                              "touch P",
                                              "a.c",
                                              "x=$(touch P)",
                                              "-eq",
                                              "==",
                                              "(",
                                              "esac",
                                              "'$(touch P)'",
                                              "",
                                              "|touch P",
                                              "a b",
                                              "&touch P",
                                              ".",
                                              "{a,b}",
                                              "$x$(touch P)c",
                                              "#",
                                              "+(a)"};

/// A position of the grammar, HOLE, and whether a text is allowed in it. The value must not affect the
/// command's output except by appearing in it.
struct use {
    std::string_view command;
    bool accepts;
};
constexpr use uses[] = {
    {"p HOLE", true},
    {"p a HOLE b", true},
    {"p x=HOLE", true},
    {"p --x=HOLE", true},
    {"(HOLE x) || p no", true},
    {"(exec HOLE) || p no", true},
    {"p HOLE*", true},
    {"p HOLE~", true},
    {"p HOLE=x", true},
    {"p ~'{{n}}'", true},
    {"p ~/HOLE", true},
    {"x=~\"{{n}}\"; p \"$x\"", true},
    {"p {a,HOLE}", true},
    {"p x{HOLE}", true},
    {"p {HOLE..3}", true},
    {"x=HOLE; p \"$x\"", true},
    {"x=a; x+=HOLE; p \"$x\"", true},
    {"x=HOLE:~; p \"$x\"", true},
    {"x=HOLE~; p \"$x\"", true},
    {"export X=HOLE; p \"$X\"", true},
    {"readonly X=HOLE; p \"$X\"", true},
    {"X=HOLE sh -c 'printf \"<%s>\" \"$X\"'", true},
    {"env X=HOLE sh -c 'printf \"<%s>\" \"$X\"'", true},
    {"sh -c 'printf \"<%s>\" \"$1\"' sh HOLE", true},
    {"declare X=HOLE; p \"$X\"", true},
    {"g() { local X=HOLE; p \"$X\"; }; g", true},
    {"a=( HOLE x ); p \"${a[@]}\"", true},
    {"a[0]=HOLE; p \"${a[0]}\"", true},
    {"a=( [1]=HOLE ); p \"${a[@]}\"", true},
    {"cat <<< HOLE", true},
    {"read x <<< HOLE; :", true},
    {"printf '<%s>' HOLE", true},
    {"[ HOLE = y ]; p $?", true},
    {"[ y = HOLE ]; p $?", true},
    {"test y != HOLE; p $?", true},
    {"[[ HOLE == y ]]; p $?", true},
    {"case HOLE in HOLE) p yes ;; *) p no ;; esac", true},
    {"case aXc in HOLE) p yes ;; *) p no ;; esac", true},
    {"case aXc in b|HOLE) p yes ;; *) p no ;; esac", true},
    {"for i in HOLE x; do p \"$i\"; done", true},
    {"p x > dHOLE; cat dHOLE", true},
    {"p HOLE 2>&1", true},
    {"p x | p HOLE", true},
    {"! p HOLE", true},
    {"if p HOLE; then p HOLE; fi", true},
    {"p \"$(p HOLE)\"", true},
    {"cat <(p HOLE)", true},
    {"command p HOLE", true},
    {"command printf '<%s>' HOLE", true},
    // Values that a shell evaluates again.
    {"for HOLE in x; do :; done", false},
    {"select HOLE in x; do break; done", false},
    {"declare -i X=HOLE", false},
    {"declare -a X=HOLE", false},
    {"declare -A X=HOLE", false},
    {"declare HOLE=1", false},
    {"export HOLE=1", false},
    {"readonly -a X=HOLE", false},
    {"X=(1); declare X=HOLE", false},
    {"g() { declare -a X; local X=HOLE; }; g", false},
    {"g() { local HOLE; }; g", false},
    {"declare -i k; k=HOLE", false},
    {"g() { k=HOLE; }; declare -i k; g", false},
    {"declare -i k; for k in HOLE; do :; done", false},
    {"declare -ai k; k=( HOLE )", false},
    {"declare -n r=HOLE; r=1", false},
    {"declare -n r; r=HOLE; r=1", false},
    {"a=( [HOLE]=x )", false},
    {"a[HOLE]=x", false},
    {"a[HOLE]+=x", false},
    {"a[1+HOLE]=x", false},
    {"a[ HOLE ]=x", false},
    {"unset HOLE", false},
    {"a=(1); unset HOLE", false},
    {"read HOLE <<A\nx\nA", false},
    {"printf HOLE x", false},
    {"printf -v HOLE x", false},
    {"printf -vHOLE x", false},
    {"test -v HOLE", false},
    {"[ -v HOLE ]", false},
    {"[ ! -v HOLE ]", false},
    {"[ HOLE HOLE ]", false},
    {"test HOLE a[0]", false},
    {"[[ -v HOLE ]]", false},
    {"[[ aXc == HOLE ]]; p $?", false},
    {"[[ aXc != HOLE ]]; p $?", false},
    {"[[ aXc =~ HOLE ]]; p $?", false},
    {"[[ aXc =~ ^(z|HOLE)$ ]]; p $?", false},
    {"[[ aXc =~ [HOLE] ]]; p $?", false},
    {"[[ HOLE -eq 1 ]]", false},
    {"[[ 1 -lt HOLE ]]", false},
    {"[[ x == x && HOLE -gt 1 ]]", false},
    {"case b in [HOLE]) p yes ;; *) p no ;; esac", false},
    {"p c[HOLE]", false},
    {"p ~{{n}}", false},
    {"p a=~{{n}}", false},
    {"x=~{{n}}; p \"$x\"", false},
    {"x=a:~{{n}}; p \"$x\"", false},
    {"eval HOLE", false},
    {"eval p HOLE", false},
    {"command eval HOLE", false},
    {"builtin eval HOLE", false},
    {"\\eval HOLE", false},
    {"X=1 eval HOLE", false},
    {"> f eval HOLE", false},
    {"trap HOLE EXIT", false},
    {"trap 'p HOLE' EXIT", false},
    {"alias HOLE=ls", false},
    {"alias x=HOLE\nx", false},
    {"compgen -W HOLE", false},
    {"mapfile -c 1 -C HOLE a <<< x", false},
    {"let HOLE", false},
    {"let k=HOLE", false},
    {"(( HOLE ))", false},
    {"p $(( HOLE ))", false},
    {"p \"$(( 1 + HOLE ))\"", false},
    {"for (( i = HOLE; i < 1; ++i )); do break; done", false},
    {"p $[ HOLE ]", false},
    {"sh -c HOLE", false},
    {"sh -c 'p HOLE'", false},
    {"env -i bash -ec HOLE", false},
    {"find . -prune -exec sh -c HOLE \\;", false},
    {"PS4=HOLE; set -x; :", false},
    {"RANDOM=HOLE", false},
    {"OPTIND=HOLE", false},
    {"BASH_ENV=HOLE bash -c :", false},
    {"env ENV=HOLE sh -ic :", false},
    {"p ${x:-HOLE}", false},
    {"x=aXc; p \"${x#HOLE}\"", false},
    {"x=aXc; p \"${x/HOLE/y}\"", false},
    {"x=aXc; p \"${x:HOLE:1}\"", false},
    {"p \"${a[HOLE]}\"", false},
    {"p \"${!HOLE}\"", false},
    {"p `p HOLE`", false},
    {"cat <<A\nHOLE\nA", false},
    {"p $'{{n}}'", false},
};
/// The forms of a value in a command.
constexpr std::string_view writings[] = {"{{n}}", "{{n}}", "{{n}}", "'{{n}}'", "\"{{n}}\"", "{{n}}{{n}}"};
constexpr std::string_view longer_writings[] = {"x{{n}}",    "{{n}}y",    "\"a {{n}} b\"",
                                                "'a {{n}}'", "a\\ {{n}}", "$e{{n}}"};
constexpr std::string_view surroundings[] = {"COMMAND",
                                             "if :; then\nCOMMAND\nfi",
                                             "( COMMAND\n)",
                                             "{ COMMAND\n}",
                                             "for q in 1; do COMMAND\ndone",
                                             "case q in (z) ;; q) COMMAND\nesac",
                                             "case q in q) COMMAND\n;; esac",
                                             "f() { COMMAND\n}; f",
                                             "function f { COMMAND\n}; f",
                                             "p \"$(COMMAND\n)\"",
                                             ": | COMMAND\n",
                                             "x=1 y=2; COMMAND",
                                             ": # it's eval\nCOMMAND",
                                             ": <<A\n'(\nA\nCOMMAND",
                                             ": <<A; : <<'B' && (\n(\nA\n\"\nB\nCOMMAND\n)",
                                             "p `p \\`p \"a\\``; COMMAND",
                                             "p $((p a; p ')') | cat); COMMAND",
                                             "while :; do COMMAND\nbreak; done 3>&1",
                                             ": \\\n&& COMMAND",
                                             "[[ x ]]; COMMAND",
                                             "[[ x == x && ( y || z ) ]]&& COMMAND",
                                             "[[ x =~ ^(a|x)[a-z]* ]]|| COMMAND",
                                             "[ x ]&&COMMAND",
                                             "x=$(p) y=\"${z:-(}\"; COMMAND",
                                             "case x in a|b) ;; *) ;; esac; COMMAND",
                                             "case x in x) COMMAND\nesac >f",
                                             "a=( 1 [2]=3 \"(\" ); COMMAND",
                                             "a[1 + 2]=x; COMMAND",
                                             "(( x = 1 << 2 )); COMMAND",
                                             "for (( i = 0; i < 1; ++i )); do COMMAND\ndone",
                                             "p a >f 2>&1; COMMAND",
                                             ": &>f; COMMAND",
                                             "p <(p a) >f; COMMAND",
                                             "! COMMAND",
                                             "p a |& COMMAND",
                                             "x() (COMMAND\n); x",
                                             "for q do :; done; COMMAND",
                                             "for q\nin 1\ndo COMMAND\ndone",
                                             ": \\;; COMMAND",
                                             "p \"it's $(p \"(\")\"; COMMAND"};

template <std::size_t Size>
std::string one_of(const std::string_view (&all)[Size], std::mt19937& random) {
    return std::string(all[random() % Size]);
}

struct sample {
    std::string command, plain, hostile;
    std::string_view word;
};

}  // namespace

TEST_CASE("in each position of the shell's grammar a value is data, or the command does not compile") {
    const char* const asked = std::getenv("WEFT_RANDOM_PLACES");
    const int rounds = asked != nullptr ? std::atoi(asked) : 2;
    std::mt19937 random(static_cast<unsigned>(rounds));
    std::vector<sample> samples;
    for (int round = 0; round < rounds; ++round) {
        for (const use& one : uses) {
            const bool exactly = !one.accepts || random() % 2 == 0;
            std::string command =
                support::replaced(std::string(one.command), "HOLE",
                                  exactly ? one_of(writings, random) : one_of(longer_writings, random));
            std::string around = one_of(surroundings, random);
            // With an array, `declare` evaluates the values that it assigns.
            if (one.command.find("X=HOLE;") != one.command.npos && around.starts_with("a"))
                around = "COMMAND";
            command = support::replaced(around, "COMMAND", command);
            sample next{command, {}, {}, hostile_words[random() % std::size(hostile_words)]};
            const auto plain = support::with_word(command, plain_word);
            INFO(command);
            CHECK(plain.has_value() == one.accepts);
            if (!plain) continue;
            const std::string before = "p() { printf '<%s>' \"$@\"; }\n";
            next.plain = before + *plain;
            next.hostile = before + support::with_word(command, next.word).value();
            samples.push_back(next);
        }
    }
    support::temporary_directory base;
    std::vector<std::vector<std::string>> shells = support::posix_shells;
    shells.push_back({"bash"});
    for (const std::vector<std::string>& shell : shells) {
        const std::filesystem::path place = base.path() / std::to_string(&shell - shells.data());
        std::filesystem::create_directory(place);
        std::string name;
        for (const std::string& word : shell) name += word + " ";
        for (std::size_t at = 0; at < samples.size(); ++at) {
            support::write_file(place / ("c" + std::to_string(at) + "p"), samples[at].plain);
            support::write_file(place / ("c" + std::to_string(at) + "h"), samples[at].hostile);
        }
        support::run_driver(shell, place,
                            "for c in c*; do " + name +
                                "./$c >o$c 2>/dev/null </dev/null; echo \"=$?\" >>o$c\n"
                                "[ -e P ] && echo broken >>o$c; rm -f P d*[!r]; done\n");
        for (std::size_t at = 0; at < samples.size(); ++at) {
            const sample& one = samples[at];
            const std::string plain = support::read_file(place / ("oc" + std::to_string(at) + "p"));
            INFO(name << ", the word [" << one.word << "] in:\n"
                      << one.command << "\nwhich is:\n"
                      << one.hostile);
            REQUIRE(!plain.empty());
            CHECK(support::read_file(place / ("oc" + std::to_string(at) + "h")) ==
                  support::replaced(plain, plain_word, one.word));
        }
    }
}
